#include "notifications/letter_words.hpp"

#include <utility>

namespace convoke::notifications {
namespace {

constexpr std::size_t most_dates = 12, longest_subject = 250, longest_title = 200;

struct KindWords {
    char const* headline;
    char const* subject;
};

KindWords words_of(LetterFacts const& facts) {
    if (facts.date_apart) return {"One date of the series", "One date of the series: {title} – {when}"};
    switch (facts.kind) {
        case LetterKind::invitation: return {"Invitation", "Invitation: {title} – {when}"};
        case LetterKind::update: return {"Updated", "Updated: {title} – {when}"};
        case LetterKind::cancellation: return {"Cancelled", "Cancelled: {title} – {when}"};
        case LetterKind::confirmation: return {"Confirmed", "Confirmed: {title} – {when}"};
        case LetterKind::pending: return {"Request received", "Request received: {title} – {when}"};
        case LetterKind::refused: return {"Not accepted", "Not accepted: {title} – {when}"};
        case LetterKind::waitlisted: return {"Waiting list", "Waiting list: {title} – {when}"};
        case LetterKind::offer: return {"A seat is free", "A seat is free: {title} – {when}"};
        case LetterKind::declined: return {"Registration cancelled", "Registration cancelled: {title} – {when}"};
        case LetterKind::address_check: return {"Please confirm", "Please confirm: {title} – {when}"};
        case LetterKind::reminder: return {"Reminder", "Reminder: {title} – {when}"};
        case LetterKind::sign_in: return {"Sign in", "Your sign-in link for {community}"};
    }
    return {"", ""};
}

std::string filled(std::string text, std::string_view placeholder, std::string_view value) {
    if (const auto at = text.find(placeholder); at != std::string::npos) text.replace(at, placeholder.size(), value);
    return text;
}

std::string kind_in_words(LetterFacts const& facts, rendering::Catalogue const& catalogue, std::string const& language) {
    char const* kind = "Event";
    if (facts.event_kind == "study-visit") kind = "Study visit";
    if (facts.event_kind == "working-group-meeting") kind = "Working group meeting";
    if (facts.event_kind == "plenary") kind = "Plenary";
    auto words = catalogue.translate(language, kind);
    char const* format = nullptr;
    if (facts.event_format == "online") format = "online";
    if (facts.event_format == "on-site") format = "on site";
    if (facts.event_format == "hybrid") format = "on site and online";
    if (format) words += ", " + catalogue.translate(language, format);
    return words;
}

std::string joined(std::vector<std::string> const& parts, std::string_view separator) {
    std::string out;
    for (auto const& part : parts) {
        if (!out.empty()) out += separator;
        out += part;
    }
    return out;
}

// LF line ends, no other control characters.
std::string clean_text(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '\r') {
            if (i + 1 >= text.size() || text[i + 1] != '\n') out += '\n';
        } else if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f)) {
            out += text[i];
        }
    }
    while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
    return out;
}

// Paragraphs are set apart by blank lines; each has lines.
std::vector<rendering::Data> paragraphs_of(std::string const& text) {
    std::vector<std::vector<std::string>> paragraphs(1);
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, end - at);
        at = end + 1;
        if (line.find_first_not_of(" \t") != std::string::npos) paragraphs.back().push_back(std::move(line));
        else if (!paragraphs.back().empty()) paragraphs.emplace_back();
    }
    std::vector<rendering::Data> all;
    for (auto const& lines : paragraphs) {
        if (lines.empty()) continue;
        std::vector<rendering::Data> items;
        for (auto const& line : lines) {
            items.push_back(std::move(rendering::Data().set("text", line).set("last", &line == &lines.back())));
        }
        all.push_back(std::move(rendering::Data().set("lines", std::move(items))));
    }
    return all;
}

// Each date of a series on both clocks, the next ones first.
void set_dates(rendering::Data& data, LetterFacts const& facts, std::string const& language, calendar::sys_seconds now) {
    std::vector<rendering::Data> dates;
    bool more = false;
    if (facts.schedule.recurrence) {
        const auto horizon = now + std::chrono::hours(24 * 366 * 10);
        auto all = calendar::occurrences(facts.schedule, now, horizon, most_dates + 1);
        more = all.size() > most_dates;
        if (more) all.resize(most_dates);
        auto const& zone = calendar::zone_of(facts.schedule);
        for (auto const& occurrence : all) {
            calendar::Schedule one = facts.schedule;
            one.recurrence.reset();
            const auto local = calendar::to_local(occurrence.span.start, zone).local;
            if (auto* fixed = std::get_if<calendar::Fixed>(&one.when)) {
                fixed->start = local;
                fixed->duration = {0, occurrence.span.end - occurrence.span.start};
            } else if (auto* days = std::get_if<calendar::AllDay>(&one.when)) {
                days->first = std::chrono::floor<std::chrono::days>(local);
            }
            const auto words = calendar::say_when(one, facts.recipient_zone, language, now);
            dates.push_back(std::move(rendering::Data()
                                          .set("reader_clock", words.reader_clock)
                                          .set("event_clock", words.event_clock)
                                          .set("machine", words.machine)));
        }
    }
    data.set("has_dates", !dates.empty()).set("dates", std::move(dates)).set("more_dates", more);
}

void set_split(rendering::Data& data, LetterFacts const& facts, rendering::Catalogue const& catalogue, std::string const& language) {
    data.set("split_ends", facts.split && !facts.split->begins).set("split_begins", facts.split && facts.split->begins);
    data.set("whole_change", !facts.split && !facts.date);
    if (!facts.split) return;
    std::vector<std::string> what;
    for (auto const& [is, words] : {std::pair(facts.split->time, "another time"), {facts.split->place, "another place"},
                                    {facts.split->link, "another link to join"}, {facts.split->title, "another title"}})
        if (is) what.push_back(catalogue.translate(language, words));
    data.set("split_from", calendar::say_date(facts.split->from, language)).set("split_what", joined(what, ", "));
    data.set("answer_stands", facts.attendee.partstat == "ACCEPTED");
}

}  // namespace

std::string one_line(std::string_view text, std::size_t longest) {
    std::string out;
    std::size_t characters = 0;
    for (char raw : text) {
        const auto c = static_cast<unsigned char>(raw);
        const bool space = c <= 0x20 || c == 0x7f;
        if (space && (out.empty() || out.back() == ' ')) continue;
        const bool starts = (c & 0xc0) != 0x80;
        if (starts && characters == longest) {
            out += "…";
            break;
        }
        characters += starts;
        out += space ? ' ' : raw;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string subject_of(LetterFacts const& facts, calendar::WhenWords const& when, rendering::Catalogue const& catalogue,
                       std::string const& language) {
    // The time is filled in first: a title that holds "{when}" stays what it is.
    auto subject = catalogue.translate(language, words_of(facts).subject);
    subject = filled(std::move(subject), "{when}", when.brief);
    subject = filled(std::move(subject), "{title}", one_line(facts.event_title, longest_title));
    subject = filled(std::move(subject), "{community}", one_line(facts.community_name, longest_title));
    return one_line(subject, longest_subject);
}

rendering::Data letter_data(LetterFacts const& facts, calendar::WhenWords const& when, std::string const& subject,
                            rendering::Catalogue const& catalogue, std::string const& language, calendar::sys_seconds now) {
    rendering::Data data;
    data.set("subject", subject).set("headline", catalogue.translate(language, words_of(facts).headline));
    data.set("community", one_line(facts.community_name, longest_title)).set("contact_email", facts.contact_email);
    data.set("recipient_name", one_line(facts.recipient_name, longest_title));
    data.set("recipient_address", facts.recipient_address);
    if (facts.deadline) data.set("deadline", calendar::say_instant(*facts.deadline, facts.recipient_zone, language));
    data.set("sign_in_url", facts.sign_in_url);
    if (facts.kind == LetterKind::sign_in) return data;

    data.set("title", one_line(facts.event_title, longest_title)).set("event_language", facts.entry.language);
    data.set("what", kind_in_words(facts, catalogue, language));
    data.set("reader_clock", when.reader_clock).set("event_clock", when.event_clock);
    data.set("machine", when.machine).set("notes", when.notes);
    set_dates(data, facts, language, now);
    data.set("place", one_line(facts.place, 500)).set("join_link", facts.join_link);
    data.set("join_label", one_line(facts.join_label, longest_title));
    if (facts.join_link.empty() && facts.link_due) data.set("link_due", calendar::say_date(*facts.link_due, language));
    std::vector<std::string> spoken;
    for (auto const& tag : facts.interpretation) spoken.push_back(rendering::language_name(catalogue, language, tag));
    data.set("interpretation", joined(spoken, ", "));

    const auto description = clean_text(facts.description);
    data.set("has_description", !description.empty()).set("description", description);
    data.set("paragraphs", paragraphs_of(description));
    data.set("reason", one_line(facts.reason, 2000));
    std::vector<std::string> changes;
    for (auto const& change : facts.changes) changes.push_back(one_line(change, 500));
    data.set("has_changes", !changes.empty()).set("changes", changes);
    set_split(data, facts, catalogue, language);
    data.set("position", facts.waitlist_position).set("whole_event", facts.whole_event && !facts.date);
    data.set("date_changed", facts.date && !facts.date_apart).set("date_apart", facts.date && facts.date_apart);
    data.set("one_date", facts.date.has_value()).set("one_person", !facts.whole_event);
    data.set("on_site", facts.attendance == "on-site").set("online", facts.attendance == "online");
    data.set("event_url", facts.event_url).set("answer_url", facts.answer_url).set("accept_url", facts.accept_url);
    data.set("manage_url", facts.manage_url).set("feed_url", facts.feed_url);
    return data;
}

}  // namespace convoke::notifications
