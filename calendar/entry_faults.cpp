// The gate before sending: reads a text as bytes, without the writer's own functions.
#include "calendar/entry.hpp"

#include <set>

namespace convoke::calendar {
namespace {

struct Line {
    std::string name, parameters, value;
};

// Name, parameters and value; colons and semicolons in quotes belong to a parameter.
Line split(std::string const& text) {
    Line out;
    std::size_t i = 0;
    bool quoted = false;
    while (i < text.size() && (quoted || text[i] != ':')) quoted ^= text[i++] == '"';
    out.value = i < text.size() ? text.substr(i + 1) : "";
    std::string const head = text.substr(0, i);
    std::size_t const parameter = head.find(';');
    out.name = head.substr(0, parameter);
    if (parameter != std::string::npos) out.parameters = head.substr(parameter);
    return out;
}

std::string tzid_in(std::string const& parameters) {
    auto const at = parameters.find(";TZID=");
    if (at == std::string::npos) return {};
    auto const begin = at + 6;
    return parameters.substr(begin, parameters.find(';', begin) - begin);
}

struct Component {
    std::string name;
    std::map<std::string, int> seen;
};

class Inspector {
public:
    std::vector<std::string> faults;
    std::string method;

    void line(std::string const& text) {
        if (finished_) return fault("text after the end of the calendar");
        Line const in = split(text);
        if (in.name.empty() || in.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != std::string::npos)
            return fault("no property name in '" + text.substr(0, 40) + "'");
        if (in.name == "BEGIN") return begin(in.value);
        if (stack_.empty()) return fault(in.name + " outside the calendar");
        if (in.name == "END") return end(in.value);
        ++stack_.back().seen[in.name];
        if (in.name == "METHOD") method = in.value;
        std::string const& where = stack_.back().name;
        if (in.name == "TZID" && where == "VTIMEZONE" && !zones_.insert(in.value).second)
            fault("the zone " + in.value + " is described twice");
        if (auto const zone = tzid_in(in.parameters); !zone.empty() && !zones_.contains(zone))
            fault(in.name + " uses the zone " + zone + " that no VTIMEZONE before it describes");
        if ((in.name == "ATTENDEE" || in.name == "ORGANIZER") && !in.value.starts_with("mailto:"))
            fault(in.name + " is no mail address");
    }

    void finish() {
        if (!finished_) fault("the calendar does not end");
    }

    void fault(std::string text) {
        if (faults.size() < 50) faults.push_back(std::move(text));
    }

private:
    void begin(std::string const& name) {
        if (stack_.empty() != (name == "VCALENDAR")) fault(name + " at a wrong place");
        if (stack_.size() > 3) fault("components too deep in one another");
        stack_.push_back({name, {}});
    }
    void end(std::string const& name) {
        if (stack_.back().name != name) return fault("END:" + name + " closes " + stack_.back().name);
        check(stack_.back());
        stack_.pop_back();
        finished_ = stack_.empty();
    }
    void check(Component const& component) {
        auto const once = [&](std::string_view property) {
            auto const found = component.seen.find(std::string(property));
            int const count = found == component.seen.end() ? 0 : found->second;
            if (count != 1) fault(component.name + " has " + std::to_string(count) + " " + std::string(property) + ", not one");
        };
        auto const at_most_once = [&](std::string_view property) {
            auto const found = component.seen.find(std::string(property));
            if (found != component.seen.end() && found->second > 1) fault(component.name + " has several " + std::string(property));
        };
        if (component.name == "VCALENDAR") {
            once("VERSION");
            once("PRODID");
            at_most_once("METHOD");
        } else if (component.name == "VEVENT") {
            for (std::string_view p : {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"}) once(p);
            for (std::string_view p : {"DTEND", "DURATION", "RRULE", "RECURRENCE-ID", "STATUS", "TRANSP", "URL",
                                       "DESCRIPTION", "LOCATION", "CREATED", "LAST-MODIFIED", "GEO", "ORGANIZER"})
                at_most_once(p);
            if (component.seen.contains("DTEND") && component.seen.contains("DURATION")) fault("VEVENT has DTEND and DURATION");
            if (method == "REQUEST" || method == "CANCEL") once("ORGANIZER"), once("ATTENDEE");
            else if (component.seen.contains("ATTENDEE")) fault("an ATTENDEE without an invitation");
        } else if (component.name == "VTIMEZONE") {
            once("TZID");
        } else if (component.name == "STANDARD" || component.name == "DAYLIGHT") {
            for (std::string_view p : {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}) once(p);
        }
    }

    std::vector<Component> stack_;
    std::set<std::string, std::less<>> zones_;
    bool finished_ = false;
};

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::vector<std::string> faults_of(std::string_view ics) {
    Inspector inspector;
    std::string unfolded;
    bool begun = false;
    while (!ics.empty()) {
        std::size_t const end = ics.find("\r\n");
        std::string_view const line = ics.substr(0, end);
        if (end == std::string_view::npos) inspector.fault("the last line does not end with CRLF");
        ics.remove_prefix(end == std::string_view::npos ? ics.size() : end + 2);
        if (line.size() > 75) inspector.fault("a line of " + std::to_string(line.size()) + " octets");
        if (line.empty()) inspector.fault("an empty line");
        for (char c : line)
            if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) {
                inspector.fault("a control character");
                break;
            }
        bool const continuation = !line.empty() && (line[0] == ' ' || line[0] == '\t');
        if (continuation && line.size() > 1 && continues(line[1])) inspector.fault("a fold inside a character");
        if (continuation && begun) {
            unfolded += line.substr(1);
            continue;
        }
        if (begun) inspector.line(unfolded);
        unfolded = line;
        begun = true;
    }
    if (begun) inspector.line(unfolded);
    inspector.finish();
    return std::move(inspector.faults);
}

}  // namespace convoke::calendar
