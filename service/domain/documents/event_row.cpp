#include "service/domain/documents/event_row.hpp"

#include "service/domain/country.hpp"
#include "service/domain/documents/markup.hpp"

#include <array>
#include <initializer_list>
#include <vector>

namespace convoke::domain::documents {
namespace {

bool any_word(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return has_words(text, word); });
}

// Lower case, with the hyphens of every kind made plain.
std::string folded(std::string_view text) {
    std::string out = lower(text);
    for (std::string_view hyphen : {"\u2010", "\u2011", "\u2012", "\u2013"})
        for (std::size_t at; (at = out.find(hyphen)) != std::string::npos;) out.replace(at, hyphen.size(), "-");
    return out;
}

bool says_online(std::string_view text) {
    return any_word(text, {"online", "on-line", "virtual", "webinar", "web seminar", "videoconference", "video conference", "remote"});
}
bool says_visit(std::string_view text) {
    return any_word(text, {"study visit", "study visits", "study-visit", "site visit", "site visits", "field visit", "study tour", "study trip"});
}
bool says_on_site(std::string_view text) {
    return any_word(text, {"on-site", "on site", "onsite", "in-person", "in person", "face-to-face", "face to face", "physical"});
}
bool says_gathering(std::string_view text) {
    return any_word(text, {"forum", "conference", "workshop", "workshops", "summit", "seminar", "congress", "event", "meeting",
                           "visit", "plenary", "session", "training", "assembly", "symposium", "round table", "roundtable"});
}

// "" when the text does not say.
std::string said_format(std::string_view text) {
    bool const online = says_online(text), on_site = says_on_site(text);
    if (has_words(text, "hybrid") || (online && on_site)) return "hybrid";
    if (online) return "online";
    return on_site || says_visit(text) ? "on-site" : "";
}

bool plenary_title(std::string_view title) {
    if (any_word(title, {"plenary session", "plenary meeting", "plenary assembly"})) return true;
    std::size_t const at = title.find("plenary");
    // '2nd Plenary', 'First Plenary: …', 'Plenary 2026'
    return at == 0 || (at != std::string_view::npos && at <= 8 && title.substr(0, at).find(' ') == at - 1);
}

std::string kind_of(std::string_view format, std::string_view title, bool on_site) {
    if (any_word(format, {"study visit", "study visits", "study-visit"}) || (on_site && any_word(title, {"study visit", "study-visit"}))) return "study-visit";
    if (has_words(format, "working group") || has_words(title, "working group meeting")) return "working-group-meeting";
    if (has_words(format, "plenary") || plenary_title(title)) return "plenary";
    return "event";
}

bool says_joint(std::string_view format, std::string_view title) {
    return has_words(format, "joint") || any_word(title, {"joint event", "joint cop", "joint cops", "joint online", "joint on-site",
                                                          "joint study", "joint meeting", "joint session", "joint plenary"});
}

// The part of `text` that is the country it begins with; empty when it begins with none.
std::string_view leading_country(std::string_view text) {
    std::string_view best;
    auto const consider = [&](std::string_view name) {
        if (!text.starts_with(name) || name.size() <= best.size()) return;
        std::string_view const rest = text.substr(name.size());
        if (rest.empty() || std::string_view(" ,;:()").find(rest.front()) != std::string_view::npos) best = name;
    };
    for (Country const& country : countries()) consider(country.name);
    for (std::string_view name : {"The Netherlands", "the Netherlands", "Czech Republic", "UK", "Slovak Republic"}) consider(name);
    return best;
}

bool could_be_place(std::string_view segment) {
    if (segment.empty() || segment.size() > 60) return false;
    auto const first = static_cast<unsigned char>(segment.front());
    if (!(first >= 0x80 || (first >= 'A' && first <= 'Z'))) return false;
    if (std::count(segment.begin(), segment.end(), ' ') > 3) return false;
    return !any_word(lower(segment), {"joint", "cop", "cops", "event", "events", "online", "on-site", "hybrid", "visit", "meeting",
                                      "session", "workshop", "with", "and", "working", "group", "tbc", "priority", "objective"});
}

std::string_view place_part(std::string_view format) {
    std::size_t const comma = format.find(',');
    std::size_t const bracket = format.find('(');
    if (bracket != std::string_view::npos && bracket < comma) {
        std::string_view const inside = format.substr(bracket + 1);
        return inside.substr(0, std::min(inside.find(')'), inside.size()));
    }
    for (std::string_view word : {" in ", " to ", " – ", " - "})
        if (std::size_t const at = format.find(word); at != std::string_view::npos && at < comma) return format.substr(at + word.size());
    return comma == std::string_view::npos ? std::string_view() : format.substr(comma + 1);
}

// 'Salerno, Italy' of 'Study visit, Salerno, Italy' and of 'Study visit, Salerno, Italy Joint event with …'.
std::string place_in(std::string_view format) {
    std::string_view const part = place_part(format);
    std::string place;
    std::size_t segments = 0;
    for (std::size_t at = 0; at < part.size() && segments < 4; ++segments) {
        std::size_t const comma = std::min(part.find(',', at), part.size());
        std::string_view segment = trimmed(part.substr(at, comma - at));
        while (segment.ends_with(')') || segment.ends_with('.')) segment.remove_suffix(1);
        if (std::string_view const country = leading_country(segment); !country.empty())
            return place + std::string(segments > 0 ? ", " : "") + std::string(country);
        if (!could_be_place(segment)) return {};
        place += std::string(segments > 0 ? ", " : "") + std::string(segment);
        at = comma + 1;
    }
    return segments == 1 ? place : std::string();
}

}  // namespace

bool names_output(std::string_view format) {
    std::string const text = folded(trimmed(format));
    return text == "output" || text == "outputs" || text.starts_with("output ") || text.starts_with("output:");
}

result<EventForm> read_event_form(std::string_view written, std::string_view written_title, std::string_view place_column) {
    std::string const format = folded(trimmed(written)), title = folded(trimmed(written_title));
    if (format.empty()) return Failure(errc::required, "is empty: 'Online event', 'On-site event', 'Study visit, Salerno, Italy' and the like are read");
    EventForm form;
    form.format = said_format(format);
    std::string const quoted = "'" + std::string(trimmed(written)) + "'";
    if (form.format.empty()) {
        form.format = said_format(title);
        if (!form.format.empty()) {
            form.note = quoted + " says neither online nor on-site: " + form.format + " is taken from the title";
        } else if (!trimmed(place_column).empty()) {
            form.format = "on-site";
        } else if (says_gathering(format)) {
            form.format = "on-site";
            form.note = quoted + " says neither online nor on-site: on-site is assumed";
        } else {
            return Failure(errc::invalid_value, quoted + " is not understood: 'Online event', 'On-site event', 'Hybrid event', "
                                                "'Study visit, Salerno, Italy' and the like are read");
        }
    }
    bool const on_site = form.format != "online";
    form.kind = kind_of(format, title, on_site);
    form.joint = says_joint(format, title);
    form.place = std::string(trimmed(place_column));
    if (form.place.empty() && on_site) form.place = place_in(trimmed(written));
    return form;
}

}  // namespace convoke::domain::documents
