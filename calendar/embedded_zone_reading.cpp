// A VTIMEZONE component as an EmbeddedZone (RFC 5545 §3.6.5).
#include "calendar/content_tree.hpp"
#include "calendar/embedded_zone.hpp"

namespace convoke::calendar {
namespace {

// "+0100", "-033000"
std::optional<seconds> utc_offset(std::string_view text) {
    if ((text.size() != 5 && text.size() != 7) || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    int parts[3] = {};
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        parts[(i - 1) / 2] = parts[(i - 1) / 2] * 10 + (text[i] - '0');
    }
    seconds const size{parts[0] * 3600 + parts[1] * 60 + parts[2]};
    return text[0] == '-' ? -size : size;
}

std::optional<Observance> observance_of(ContentNode const& node) {
    Observance out;
    bool start = false, from = false, to = false;
    std::string rule_text;
    for (auto const& line : node.lines) {
        std::string const value = trimmed(line.value);
        if (line.name == "DTSTART") {
            if (auto const at = parse_stamp(value)) out.start = *at, start = true;
        } else if (line.name == "TZOFFSETFROM") {
            if (auto const offset = utc_offset(value)) out.from = *offset, from = true;
        } else if (line.name == "TZOFFSETTO") {
            if (auto const offset = utc_offset(value)) out.to = *offset, to = true;
        } else if (line.name == "RRULE") {
            rule_text = value;
        } else if (line.name == "RDATE") {
            for (std::string_view rest = value; !rest.empty() && out.dates.size() < 1000;) {
                auto const comma = rest.find(',');
                if (auto const at = parse_stamp(rest.substr(0, comma))) out.dates.push_back(*at);
                rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
            }
        }
    }
    if (!start || !from || !to) return std::nullopt;
    if (rule_text.empty()) return out;
    out.rule = parse_rule(rule_text, &out.until);
    if (!out.rule || out.rule->frequency != RecurrenceRule::Frequency::yearly || out.rule->count) return std::nullopt;
    if (out.rule->until) out.until = sys_seconds{(*out.rule->until - out.from).time_since_epoch()};
    return out;
}

}  // namespace

EmbeddedZones embedded_zones(ContentNode const& calendar) {
    EmbeddedZones zones;
    auto const work = std::make_shared<std::int64_t>(EmbeddedZone::most_work);
    for (auto const& child : calendar.children) {
        if (child.kind != "VTIMEZONE" || zones.size() == 100) continue;
        std::string tzid;
        for (auto const& line : child.lines)
            if (line.name == "TZID") tzid = line.text();
        EmbeddedZone zone(work);
        for (auto const& part : child.children) {
            if (part.kind != "STANDARD" && part.kind != "DAYLIGHT") continue;
            auto observance = observance_of(part);
            // Half a zone would give wrong hours; then the name has to say what is meant.
            if (!observance || !zone.add(std::move(*observance))) zone.understood = false;
        }
        zones.emplace(std::move(tzid), std::move(zone));
    }
    return zones;
}

}  // namespace convoke::calendar
