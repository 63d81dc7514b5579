#include "calendar/reading.hpp"

#include "calendar/content_tree.hpp"
#include "calendar/embedded_zone.hpp"

#include <unicode/ucal.h>
#include <unicode/unistr.h>

#include <limits>

namespace convoke::calendar {
namespace {

struct Zones {
    EmbeddedZones embedded;
    mutable std::map<std::string, std::string, std::less<>> by_name;  // TZID -> IANA, "" = unknown
};

// CLDR's windowsZones as ICU holds it: a name for a name, no time is asked of ICU (Z12).
std::string iana_for_windows(std::string_view name) {
    UChar out[128];
    UErrorCode status = U_ZERO_ERROR;
    auto const id = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
    auto const length = ucal_getTimeZoneIDForWindowsID(id.getBuffer(), id.length(), nullptr, out, 128, &status);
    if (U_FAILURE(status) || length <= 0) return {};
    std::string zone;
    icu::UnicodeString(out, length).toUTF8String(zone);
    return zone_exists(zone) ? zone : std::string{};
}

// Prefixed names ("/freeassociation.sourceforge.net/Europe/Brussels", "/Europe/Brussels") end in one we know.
std::string iana_for(std::string_view tzid) {
    if (tzid.size() > 200 || tzid.find("..") != std::string_view::npos) return {};
    for (std::string_view rest = tzid;;) {
        if (zone_exists(rest)) return std::string(rest);
        auto const slash = rest.find('/');
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    return iana_for_windows(tzid);
}

std::string const& named_zone(std::string const& tzid, Zones const& zones) {
    auto const [found, fresh] = zones.by_name.try_emplace(tzid);
    if (fresh) found->second = iana_for(tzid);
    return found->second;
}

std::optional<ReadTime> time_of(ContentLine const& line, Zones const& zones) {
    std::string value = trimmed(line.value);
    ReadTime out;
    out.tzid = line.parameter("TZID");
    bool const utc = value.ends_with('Z') || value.ends_with('z');
    if (utc) value.pop_back();
    else if (value.size() == 16 && value.back() == 'T') value.pop_back();  // written by some Android programs
    auto const local = parse_stamp(value);
    if (!local) return std::nullopt;
    out.local = *local;
    if (value.size() == 8) {
        out.kind = ReadTime::Kind::date;
    } else if (utc) {
        out.kind = ReadTime::Kind::instant;
        out.instant = sys_seconds{local->time_since_epoch()};
    } else if (!out.tzid.empty()) {
        if (auto const found = zones.embedded.find(out.tzid); found != zones.embedded.end())
            out.instant = found->second.instant(*local);
        if (!out.instant)
            if (auto const& zone = named_zone(out.tzid, zones); !zone.empty())
                if (auto const read = read_local(*local, zone)) out.instant = read->instant;
        out.kind = out.instant ? ReadTime::Kind::instant : ReadTime::Kind::unknown_zone;
    }
    return out;
}

// Of a list of quoted addresses.
std::string first_address(std::string const& list) { return normal_address(list.substr(0, list.find("\",\""))); }

ReadPerson person_of(ContentLine const& line) {
    ReadPerson out;
    out.address = normal_address(line.value);
    out.email = normal_address(line.parameter("EMAIL"));
    out.name = line.parameter("CN");
    out.partstat = upper_case(trimmed(line.parameter("PARTSTAT")));
    out.sent_by = normal_address(line.parameter("SENT-BY"));
    out.delegated_to = first_address(line.parameter("DELEGATED-TO"));
    out.delegated_from = first_address(line.parameter("DELEGATED-FROM"));
    return out;
}

int sequence_of(std::string const& text) {
    std::int64_t value = 0;
    for (char c : trimmed(text)) {
        if (c < '0' || c > '9') break;
        value = std::min<std::int64_t>(value * 10 + (c - '0'), std::numeric_limits<int>::max());
    }
    return static_cast<int>(value);
}

// The first one counts: doubles of METHOD, STATUS and others occur (R4).
template <class T>
void keep(std::optional<T>& into, std::optional<T> value) {
    if (!into) into = std::move(value);
}
void keep(std::string& into, std::string value) {
    if (into.empty()) into = std::move(value);
}

ReadComponent component_of(ContentNode const& node, Zones const& zones, ReadLimits const& limits) {
    ReadComponent out;
    out.kind = node.kind;
    for (auto const& line : node.lines) {
        std::string const& name = line.name;
        if (name == "UID") keep(out.uid, trimmed(line.text()));
        else if (name == "SEQUENCE") out.sequence = sequence_of(line.value);
        else if (name == "DTSTAMP") { if (auto const at = time_of(line, zones)) keep(out.dtstamp, at->instant); }
        else if (name == "DTSTART") keep(out.start, time_of(line, zones));
        else if (name == "DTEND") keep(out.end, time_of(line, zones));
        else if (name == "DURATION") { if (auto const length = parse_duration(trimmed(line.value))) keep(out.duration, std::optional(*length)); }
        else if (name == "X-MS-OLK-ORIGINALSTART") keep(out.original_start, time_of(line, zones));
        else if (name == "X-MS-OLK-ORIGINALEND") keep(out.original_end, time_of(line, zones));
        else if (name == "ORGANIZER") keep(out.organizer, std::optional(person_of(line)));
        else if (name == "SUMMARY") keep(out.summary, line.text());
        else if (name == "DESCRIPTION") keep(out.description, line.text());
        else if (name == "LOCATION") keep(out.location, line.text());
        else if (name == "COMMENT") keep(out.comment, line.text());
        else if (name == "STATUS") keep(out.status, upper_case(trimmed(line.value)));
        else if (name == "URL") keep(out.url, trimmed(line.value));
        else if (name == "RRULE" || name == "RDATE") out.recurring = true;
        else if (name == "ATTENDEE" && out.attendees.size() < limits.attendees) out.attendees.push_back(person_of(line));
        else if (name == "RECURRENCE-ID") {
            keep(out.recurrence_id, time_of(line, zones));
            out.recurrence_id_present = true;
            out.this_and_future = upper_case(line.parameter("RANGE")) == "THISANDFUTURE";
        }
    }
    return out;
}

bool entry_kind(std::string_view kind) {
    return kind == "VEVENT" || kind == "VTODO" || kind == "VJOURNAL" || kind == "VFREEBUSY";
}

}  // namespace

result<ReadCalendar> read_calendar(std::string_view bytes, ReadLimits const& limits, std::string_view charset) {
    CONVOKE_TRY(tree, read_tree(bytes, limits, charset));
    ReadCalendar out;
    bool found = false;
    for (auto const& calendar : tree.children) {
        if (calendar.kind != "VCALENDAR") continue;
        found = true;
        for (auto const& line : calendar.lines)
            if (line.name == "METHOD") keep(out.method, upper_case(trimmed(line.value)));
        Zones const zones{embedded_zones(calendar), {}};
        for (auto const& child : calendar.children)
            if (entry_kind(child.kind)) out.components.push_back(component_of(child, zones, limits));
    }
    if (!found) return Failure{errc::invalid_value, "this is no calendar: it has no BEGIN:VCALENDAR"};
    return out;
}

}  // namespace convoke::calendar
