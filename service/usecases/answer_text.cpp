#include "service/usecases/answer_text.hpp"

#include "calendar/words.hpp"

namespace convoke::usecases {

using calendar::AnswerMethod;
using calendar::AnswerPart;
using calendar::Obstacle;
using calendar::Participation;

std::string_view name_of(AnswerMethod method, Participation said) {
    switch (method) {
        case AnswerMethod::counter: return "counter";
        case AnswerMethod::refresh: return "refresh";
        case AnswerMethod::decline_counter:
        case AnswerMethod::other: return "";
        case AnswerMethod::reply: break;
    }
    switch (said) {
        case Participation::accepted: return "accepted";
        case Participation::declined: return "declined";
        case Participation::tentative: return "tentative";
        case Participation::delegated: return "delegated";
        case Participation::needs_action:
        case Participation::unknown: return "";
    }
    return "";
}

std::string_view slug_of(Obstacle obstacle) {
    switch (obstacle) {
        case Obstacle::method_without_effect: return "method_without_effect";
        case Obstacle::no_uid: return "no_entry_named";
        case Obstacle::unknown_participation: return "unknown_participation";
        case Obstacle::unreadable_instance: return "unreadable_date";
        case Obstacle::this_and_future: return "this_and_future";
        case Obstacle::unreadable_proposal: return "unreadable_proposal";
    }
    return "";
}

std::string obstacle_words(AnswerPart const& part) {
    std::string text;
    for (Obstacle const obstacle : part.obstacles) text += (text.empty() ? "" : "; ") + std::string(calendar::words(obstacle));
    return text;
}

std::string say_proposal(AnswerPart const& part, domain::Event const& event) {
    std::string text = "proposes";
    if (part.proposal && part.proposal->span) {
        auto const& span = *part.proposal->span;
        text += ' ' + calendar::say_instant(span.start, event.zone, "en");
        if (span.end > span.start) text += " to " + calendar::say_instant(span.end, event.zone, "en");
    } else if (part.proposal && part.proposal->first_day) {
        text += ' ' + calendar::say_date(*part.proposal->first_day, "en");
        if (part.proposal->last_day && *part.proposal->last_day != *part.proposal->first_day)
            text += " to " + calendar::say_date(*part.proposal->last_day, "en");
    } else {
        text += " another place";
    }
    if (!part.proposed_location.empty()) text += ", at " + part.proposed_location;
    return text;
}

std::string say_instance(AnswerPart const& part, domain::Event const& event) {
    std::string text = "an answer for one date only";
    if (part.instance->instant) text += ": " + calendar::say_instant(*part.instance->instant, event.zone, "en");
    else if (part.instance->day) text += ": " + calendar::say_date(*part.instance->day, "en");
    return text;
}

namespace {

// Octets of the UTF-8 character at the begin of `text`; 0 where there is none (RFC 3629 §4).
std::size_t character_at(std::string_view text) {
    auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    auto const follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
    unsigned const first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF && follows(1)) return 2;
    if (first >= 0xE0 && first <= 0xEF && follows(1) && follows(2)) {
        unsigned const second = byte(1);
        bool const good = !(first == 0xE0 && second < 0xA0) && !(first == 0xED && second > 0x9F);
        return good ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4 && follows(1) && follows(2) && follows(3)) {
        unsigned const second = byte(1);
        bool const good = !(first == 0xF0 && second < 0x90) && !(first == 0xF4 && second > 0x8F);
        return good ? 4 : 0;
    }
    return 0;
}

}  // namespace

std::string plain_text(std::string_view text, std::size_t most) {
    std::string out;
    while (!text.empty()) {
        std::size_t const length = character_at(text);
        auto const first = static_cast<unsigned char>(text.front());
        bool const control = length == 1 && (first < 0x20 || first == 0x7F);
        std::string_view const piece = length == 0 ? "\uFFFD" : control ? (first == '\n' ? "\n" : " ") : text.substr(0, length);
        if (out.size() + piece.size() > most) break;
        out += piece;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

}  // namespace convoke::usecases
