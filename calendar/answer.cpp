#include "calendar/answer.hpp"

#include "calendar/content_tree.hpp"
#include "calendar/recurrence.hpp"

namespace convoke::calendar {
namespace {

using namespace std::chrono;

constexpr std::size_t most_parts = 50, most_attendees = 500;

AnswerMethod method_named(std::string_view name) {
    if (name == "REPLY") return AnswerMethod::reply;
    if (name == "REFRESH") return AnswerMethod::refresh;
    if (name == "COUNTER") return AnswerMethod::counter;
    if (name == "DECLINECOUNTER") return AnswerMethod::decline_counter;
    return AnswerMethod::other;
}

Participation participation_named(std::string_view name) {
    if (name == "ACCEPTED") return Participation::accepted;
    if (name == "DECLINED") return Participation::declined;
    if (name == "TENTATIVE") return Participation::tentative;
    if (name == "DELEGATED") return Participation::delegated;
    if (name == "NEEDS-ACTION") return Participation::needs_action;
    return Participation::unknown;
}

// COMMENT is often no more than a line end.
std::string without_margins(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

std::optional<Proposal> proposal_of(std::optional<ReadTime> const& start, std::optional<ReadTime> const& end,
                                    std::optional<Duration> const& duration) {
    if (!start) return std::nullopt;
    Proposal out;
    if (start->kind == ReadTime::Kind::date) {
        local_days const first = floor<days>(start->local);
        local_days last = first;
        if (end && end->kind == ReadTime::Kind::date) last = std::max(first, floor<days>(end->local) - days{1});
        else if (duration && duration->days > 1) last = first + days{duration->days - 1};
        out.first_day = first;
        out.last_day = last;
        return out;
    }
    if (start->kind != ReadTime::Kind::instant) return std::nullopt;
    out.span = Span{*start->instant, *start->instant};
    if (end && end->kind != ReadTime::Kind::instant) return std::nullopt;
    if (end) out.span->end = *end->instant;
    else if (duration) out.span->end = *start->instant + approximate_length(*duration);
    if (out.span->end < out.span->start) return std::nullopt;
    return out;
}

AnswerAttendee attendee_of(ReadPerson const& person) {
    return {person.address, person.email, person.name, participation_named(person.partstat),
            person.sent_by, person.delegated_to, person.delegated_from};
}

void note_obstacles(AnswerPart& part, ReadComponent const& read, AnswerMethod method) {
    auto const note = [&](bool holds, Obstacle obstacle) {
        if (holds) part.obstacles.push_back(obstacle);
    };
    note(method == AnswerMethod::other || method == AnswerMethod::decline_counter, Obstacle::method_without_effect);
    note(part.uid.empty(), Obstacle::no_uid);
    note(method == AnswerMethod::reply &&
             std::none_of(part.attendees.begin(), part.attendees.end(),
                          [](AnswerAttendee const& a) { return a.participation != Participation::unknown; }),
         Obstacle::unknown_participation);
    note(read.recurrence_id_present && !part.instance, Obstacle::unreadable_instance);
    note(read.this_and_future, Obstacle::this_and_future);
    note(method == AnswerMethod::counter && !part.proposal, Obstacle::unreadable_proposal);
}

AnswerPart part_of(ReadComponent const& read, AnswerMethod method) {
    AnswerPart out;
    out.uid = read.uid;
    out.sequence = read.sequence;
    out.dtstamp = read.dtstamp;
    out.comment = without_margins(read.comment);
    if (read.organizer && !read.organizer->address.empty()) out.organizer = read.organizer->address;
    for (auto const& person : read.attendees) out.attendees.push_back(attendee_of(person));
    if (auto const& id = read.recurrence_id) {
        if (id->kind == ReadTime::Kind::instant) out.instance = AnsweredInstance{id->instant, std::nullopt};
        else if (id->kind == ReadTime::Kind::date) out.instance = AnsweredInstance{std::nullopt, floor<days>(id->local)};
    }
    if (method == AnswerMethod::counter) {
        out.proposal = proposal_of(read.start, read.end, read.duration);
        out.proposed_instead_of = proposal_of(read.original_start, read.original_end, std::nullopt);
        out.proposed_location = without_margins(read.location);
    }
    note_obstacles(out, read, method);
    return out;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Quoted-printable (RFC 2045 §6.7), as forgivingly as can be.
std::string quoted_printable_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '=') {
            out += text[i];
            continue;
        }
        std::string_view const rest = text.substr(i + 1);
        if (rest.starts_with("\r\n")) i += 2;
        else if (rest.starts_with("\n")) i += 1;
        else if (rest.size() >= 2 && hex_digit(rest[0]) >= 0 && hex_digit(rest[1]) >= 0) {
            out += static_cast<char>(hex_digit(rest[0]) * 16 + hex_digit(rest[1]));
            i += 2;
        } else out += '=';
    }
    return out;
}

result<Answer> read_once(std::string_view bytes, AnswerSource const& source) {
    ReadLimits limits;
    limits.components = 400;
    limits.attendees = most_attendees + 1;
    CONVOKE_TRY(calendar, read_calendar(bytes, limits, source.charset));
    Answer out;
    out.method_name = calendar.method.substr(0, 40);
    out.method = method_named(calendar.method);
    out.method_differs = !source.method.empty() && upper_case(source.method) != calendar.method;
    for (auto const& component : calendar.components) {
        if (component.kind != "VEVENT") continue;
        if (out.parts.size() == most_parts) return Failure{errc::payload_too_large, "the answer has more than 50 events"};
        if (component.attendees.size() > most_attendees)
            return Failure{errc::payload_too_large, "the answer has more than 500 attendees"};
        out.parts.push_back(part_of(component, out.method));
    }
    if (out.parts.empty()) return Failure{errc::invalid_value, "the answer has no event in it"};
    return out;
}

// Lotus Notes sends bodies encoded twice (R6): names and parameters look like "PARTSTAT=3DACCEPTED" then.
bool looks_encoded_twice(std::string_view bytes) { return bytes.find("=3D") != std::string_view::npos; }

bool useful(result<Answer> const& answer) {
    return answer && std::any_of(answer->parts.begin(), answer->parts.end(), [](AnswerPart const& p) { return p.effective(); });
}

}  // namespace

std::string_view words(Obstacle obstacle) {
    switch (obstacle) {
        case Obstacle::method_without_effect: return "the calendar text is no answer";
        case Obstacle::no_uid: return "the answer does not say which event it is about";
        case Obstacle::unknown_participation: return "the answer says neither yes nor no nor perhaps";
        case Obstacle::unreadable_instance: return "the answer names an occurrence whose time cannot be placed";
        case Obstacle::this_and_future: return "the answer is about one occurrence and all after it";
        case Obstacle::unreadable_proposal: return "the proposed time cannot be placed";
    }
    return "";
}

result<Answer> read_answer(std::string_view bytes, AnswerSource const& source) {
    auto answer = read_once(bytes, source);
    if (useful(answer) || !looks_encoded_twice(bytes.substr(0, ReadLimits{}.bytes))) return answer;
    if (bytes.size() > ReadLimits{}.bytes) return answer;
    auto again = read_once(quoted_printable_decoded(bytes), source);
    if (!useful(again)) return answer;
    again->repaired = true;
    return again;
}

AnswerAttendee const* attendee_with(AnswerPart const& part, std::string_view address) {
    for (auto const& attendee : part.attendees)
        for (std::string const* known : {&attendee.address, &attendee.email, &attendee.sent_by})
            if (!known->empty() && same_address(*known, address)) return &attendee;
    return nullptr;
}

std::optional<local_seconds> occurrence_named(Schedule const& schedule, AnsweredInstance const& instance) {
    if (schedule.provisional()) return std::nullopt;
    auto const* whole = std::get_if<AllDay>(&schedule.when);
    local_seconds const start = whole ? local_seconds{whole->first} : std::get<Fixed>(schedule.when).start;
    std::vector<local_seconds> ids{start};
    if (schedule.recurrence && !schedule.recurrence->rules.empty()) ids = expand(schedule.recurrence->rules.front(), start).starts;
    for (local_seconds id : ids) {
        // Exchange names a day by the instant of its midnight.
        bool const named = instance.instant ? to_instant(id, zone_of(schedule)) == *instance.instant
                                            : instance.day && floor<days>(id) == *instance.day;
        if (named) return id;
    }
    return std::nullopt;
}

bool supersedes(AnswerVersion const& later, AnswerVersion const& earlier) {
    if (later.sequence != earlier.sequence) return later.sequence > earlier.sequence;
    if (!later.dtstamp) return false;
    return !earlier.dtstamp || *later.dtstamp > *earlier.dtstamp;
}

std::string repetition_key(Answer const& answer, AnswerPart const& part, std::string_view attendee_address) {
    auto const bounded = [](std::string_view text, std::size_t most) {
        std::string out;
        for (char c : text.substr(0, most)) {
            auto const byte = static_cast<unsigned char>(c);
            static constexpr char digits[] = "0123456789abcdef";
            if (byte > 0x20 && byte < 0x7f && c != '%' && c != '|') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            else out += '%', out += digits[byte >> 4], out += digits[byte & 15];
        }
        return out;
    };
    std::string key = bounded(answer.method_name, 16) + '|' + bounded(part.uid, 100) + '|' + bounded(normal_address(attendee_address), 90) +
                      '|' + std::to_string(part.sequence) + '|';
    if (part.dtstamp) key += format_instant(*part.dtstamp);
    key += '|';
    if (part.instance && part.instance->instant) key += format_instant(*part.instance->instant);
    else if (part.instance && part.instance->day) key += format_date(*part.instance->day);
    if (auto const* attendee = attendee_with(part, attendee_address))
        key += '|' + std::to_string(static_cast<int>(attendee->participation));
    return key;
}

}  // namespace convoke::calendar
