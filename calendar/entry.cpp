#include "calendar/entry.hpp"

#include "calendar/address.hpp"
#include "calendar/entry_times.hpp"
#include "calendar/series.hpp"

#include <charconv>
#include <cmath>
#include <stdexcept>

namespace convoke::calendar {
namespace {

constexpr std::string_view product = "-//Convoke//Convoke//EN";

// What a calendar says around the entry: nothing (a feed) or whom it invites.
struct Message {
    std::string_view method;
    Organizer const* organizer = nullptr;
    Attendee const* attendee = nullptr;
    sys_seconds now;
    bool removes_one = false;  // CANCEL for one person: the event itself goes on
};

bool language_tag(std::string_view text) {
    return !text.empty() && text.size() <= 35 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == std::string_view::npos;
}

std::string degrees(double value) {
    char buffer[64];
    auto const [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, 6);
    std::string out(buffer, end);
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
    return out == "-0" ? "0" : out;
}

std::string person(std::string_view property, std::string_view parameters, std::string_view name) {
    std::string out(property);
    out += parameters;
    if (!name.empty()) {
        out += ";CN=";
        append_quoted(out, name);
    }
    return out;
}

void write_people(TextWriter& out, Message const& message) {
    if (!message.organizer) return;
    out.line(person("ORGANIZER", "", message.organizer->name), mailto(message.organizer->address));
    Attendee const& attendee = *message.attendee;
    std::string parameters = ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT";
    for (std::string_view known : {"NEEDS-ACTION", "ACCEPTED", "TENTATIVE", "DECLINED"})
        if (attendee.partstat == known) parameters += ";PARTSTAT=" + attendee.partstat;
    if (message.method == "REQUEST") parameters += attendee.rsvp ? ";RSVP=TRUE" : ";RSVP=FALSE";
    out.line(person("ATTENDEE", parameters, attendee.name), mailto(attendee.address));
}

void write_words(TextWriter& out, Entry const& entry, std::string_view title, std::string_view place) {
    // English is what clients take for granted.
    bool const said = language_tag(entry.language) && !entry.language.starts_with("en");
    out.text(said ? "SUMMARY;LANGUAGE=" + entry.language : "SUMMARY", title);
    if (!entry.description.empty()) out.text("DESCRIPTION", entry.description);
    if (!place.empty()) out.text("LOCATION", place);
    if (entry.geo) {
        auto const [latitude, longitude] = *entry.geo;
        if (!(std::abs(latitude) <= 90) || !(std::abs(longitude) <= 180))
            throw std::invalid_argument("coordinates outside the globe in a calendar entry");
        out.line("GEO", degrees(latitude) + ";" + degrees(longitude));
    }
    if (!entry.url.empty()) out.uri("URL", entry.url);
    if (!entry.conference_uri.empty()) {
        std::string name = "CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO";
        if (!entry.conference_label.empty()) {
            name += ";LABEL=";
            append_quoted(name, entry.conference_label);
        }
        out.uri(name, entry.conference_uri);
    }
    if (!entry.first_uid.empty()) out.text("RELATED-TO;RELTYPE=FIRST", entry.first_uid);
    if (!entry.next_uid.empty()) out.text("RELATED-TO;RELTYPE=NEXT", entry.next_uid);
    std::string categories;
    for (auto const& category : entry.categories) {
        if (!categories.empty()) categories += ',';
        append_escaped(categories, category);
    }
    if (entry.schedule.provisional()) categories += categories.empty() ? "PROVISIONAL" : ",PROVISIONAL";
    if (!categories.empty()) out.line("CATEGORIES", categories);
}

void write_standing(TextWriter& out, Entry const& entry, Message const& message) {
    bool const cancelled = entry.status == EntryStatus::cancelled && !message.removes_one;
    bool const tentative = !cancelled && (entry.status == EntryStatus::tentative || entry.schedule.provisional());
    bool const transparent = entry.transparent || cancelled || entry.schedule.provisional();
    if (!message.removes_one) out.line("STATUS", cancelled ? "CANCELLED" : tentative ? "TENTATIVE" : "CONFIRMED");
    out.line("TRANSP", transparent ? "TRANSPARENT" : "OPAQUE");
    out.line("CLASS", "PUBLIC");
    out.line("X-MICROSOFT-CDO-BUSYSTATUS", transparent ? "FREE" : tentative ? "TENTATIVE" : "BUSY");
    if (!entry.schedule.fixed()) out.line("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE");
}

void write_alarm(TextWriter& out, Entry const& entry) {
    if (!entry.alarm_before || entry.status == EntryStatus::cancelled || entry.schedule.provisional()) return;
    seconds const before = std::max(seconds{0}, *entry.alarm_before);
    // PT24H and P1D differ when the clocks change in between: an alarm so many days ahead keeps the hour.
    bool const whole_days = before.count() % 86400 == 0;
    Duration const trigger = whole_days ? Duration{static_cast<int>(before.count() / 86400), seconds{0}} : Duration{0, before};
    out.line("BEGIN", "VALARM").line("ACTION", "DISPLAY").line("TRIGGER", "-" + format_duration(trigger));
    out.text("DESCRIPTION", entry.summary).line("END", "VALARM");
}

using OneDate = std::pair<local_seconds const, Override>;

void write_event(TextWriter& out, Entry const& entry, Message const& message, ZonesInUse const& zones, OneDate const* changed) {
    bool const as_utc = zones.as_utc(entry.schedule) || (changed && skipped_or_repeated(entry.schedule, changed->first));
    out.line("BEGIN", "VEVENT").text("UID", entry.uid);
    // Without a method DTSTAMP is the last change (RFC 5545 §3.8.7.2), so an unchanged feed keeps its bytes.
    out.line("DTSTAMP", Stamp(message.method.empty() ? entry.last_modified : message.now));
    out.line("CREATED", Stamp(entry.created)).line("LAST-MODIFIED", Stamp(entry.last_modified));
    out.line("SEQUENCE", std::to_string(entry.sequence));
    if (changed) write_changed_times(out, entry.schedule, changed->first, changed->second, as_utc);
    else write_times(out, entry.schedule, as_utc);
    write_words(out, entry, changed && changed->second.title ? *changed->second.title : entry.summary,
                changed && changed->second.place ? *changed->second.place : entry.location);
    write_standing(out, entry, message);
    write_people(out, message);
    if (message.method.empty()) write_alarm(out, entry);
    out.line("END", "VEVENT");
}

OneDate one_date(Entry const& entry, local_seconds id) {
    if (entry.schedule.recurrence) {
        auto const& overrides = entry.schedule.recurrence->overrides;
        if (auto const found = overrides.find(id); found != overrides.end() && !found->second.excluded) return *found;
    }
    return {id, {}};
}

void write_dates(TextWriter& out, Entry const& entry, Message const& message, ZonesInUse const& zones) {
    for (auto const& occurrence : occurrences(entry.schedule, sys_seconds::min(), sys_seconds::max(), 1000)) {
        OneDate const date = one_date(entry, occurrence.id);
        write_event(out, entry, message, zones, &date);
    }
}

void write_entry(TextWriter& out, Entry const& entry, Message const& message, ZonesInUse const& zones) {
    if (!entry.schedule.recurrence) return write_event(out, entry, message, zones, nullptr);
    if (zones.date_by_date(entry.schedule)) return write_dates(out, entry, message, zones);
    write_event(out, entry, message, zones, nullptr);
    if (message.method == "CANCEL" || (message.method == "REQUEST" && !dates_apart(entry.schedule).empty())) return;
    for (auto const& change : entry.schedule.recurrence->overrides)
        if (!change.second.excluded) write_event(out, entry, message, zones, &change);
}

// The whole entry, or one date of a series.
std::string message_text(Entry const& entry, Message const& message, std::optional<local_seconds> date = {}) {
    ZonesInUse zones;
    zones.add(entry.schedule);
    TextWriter out;
    out.line("BEGIN", "VCALENDAR").line("VERSION", "2.0").line("PRODID", product).line("METHOD", message.method);
    out.raw(zones.text());
    if (date) {
        OneDate const one = one_date(entry, *date);
        write_event(out, entry, message, zones, &one);
    } else {
        write_entry(out, entry, message, zones);
    }
    out.line("END", "VCALENDAR");
    return out.take();
}

Entry cancelled(Entry entry) {
    entry.status = EntryStatus::cancelled;
    return entry;
}

}  // namespace

std::string request_text(Entry const& entry, Organizer const& organizer, Attendee const& attendee, sys_seconds now) {
    if (entry.schedule.provisional()) throw std::logic_error("a provisional event cannot be sent as an invitation");
    return message_text(entry, {"REQUEST", &organizer, &attendee, now});
}

std::string cancel_text(Entry const& entry, Organizer const& organizer, Attendee const& attendee, bool whole_event,
                        sys_seconds now) {
    Message const message{"CANCEL", &organizer, &attendee, now, !whole_event};
    return message_text(whole_event ? cancelled(entry) : entry, message);
}

std::string request_date_text(Entry const& entry, local_seconds id, Organizer const& organizer, Attendee const& attendee,
                              sys_seconds now) {
    if (!entry.schedule.recurrence) throw std::logic_error("one date of an event that has only one");
    return message_text(entry, {"REQUEST", &organizer, &attendee, now}, id);
}

std::string cancel_date_text(Entry const& entry, local_seconds id, Organizer const& organizer, Attendee const& attendee,
                             sys_seconds now) {
    if (!entry.schedule.recurrence) throw std::logic_error("one date of an event that has only one");
    return message_text(cancelled(entry), {"CANCEL", &organizer, &attendee, now}, id);
}

std::string feed_text(FeedHead const& head, std::span<Entry const> entries) {
    ZonesInUse zones;
    std::vector<Entry const*> sorted;
    sorted.reserve(entries.size());
    for (Entry const& entry : entries) {
        zones.add(entry.schedule);
        sorted.push_back(&entry);
    }
    std::sort(sorted.begin(), sorted.end(), [](Entry const* a, Entry const* b) { return a->uid < b->uid; });

    TextWriter out(1024 + entries.size() * 1536);
    out.line("BEGIN", "VCALENDAR").line("VERSION", "2.0").line("PRODID", product);
    if (!head.uid.empty()) out.text("UID", head.uid);
    out.text(language_tag(head.language) ? "NAME;LANGUAGE=" + head.language : "NAME", head.name);
    out.text("X-WR-CALNAME", head.name);
    if (!head.description.empty()) out.text("DESCRIPTION", head.description).text("X-WR-CALDESC", head.description);
    if (!head.zone.empty()) out.text("X-WR-TIMEZONE", head.zone);
    if (!head.colour.empty()) out.text("COLOR", head.colour);
    out.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H").line("X-PUBLISHED-TTL", "PT1H");
    out.line("LAST-MODIFIED", ical_instant(head.last_modified));
    if (!head.url.empty()) out.uri("URL", head.url);
    out.raw(zones.text());
    for (Entry const* entry : sorted) write_entry(out, *entry, {}, zones);
    out.line("END", "VCALENDAR");
    return out.take();
}

}  // namespace convoke::calendar
