// Ratios in one run: a feed built and serialised by our writer and by libical doing the same work; a rule expanded by both.
// Prints one JSON object; tests/bench/calendar_feed.py says what is enough.
#include "calendar/embedded_zone.hpp"
#include "calendar/entry.hpp"
#include "calendar/recurrence.hpp"

#include <libical/ical.h>

#include <ctime>
#include <cstdio>
#include <stdexcept>

namespace {

using namespace convoke::calendar;

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Both in turns, so that what else the machine does meets both; the median of the rounds.
template <class A, class B>
std::pair<double, double> side_by_side(int rounds, A ours, B theirs) {
    std::vector<double> a, b;
    for (int i = 0; i < rounds; ++i) {
        double const first = cpu_seconds();
        ours();
        double const second = cpu_seconds();
        theirs();
        double const third = cpu_seconds();
        a.push_back(second - first);
        b.push_back(third - second);
    }
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return {a[a.size() / 2], b[b.size() / 2]};
}

std::vector<Entry> some_entries(std::size_t count) {
    std::vector<Entry> out;
    for (std::size_t i = 0; i < count; ++i) {
        Entry entry;
        entry.uid = "event" + std::to_string(100000 + i) + "@events.example";
        entry.created = entry.last_modified = sys_seconds{std::chrono::seconds{1767225600 + static_cast<long>(i)}};
        local_days const day = local_days{std::chrono::year{2026} / 1 / 5} + std::chrono::days{i % 700};
        entry.schedule.when = Fixed{local_seconds{day} + std::chrono::hours{10}, "Europe/Brussels", {0, std::chrono::minutes{150}}};
        entry.zone = "Europe/Brussels";
        entry.summary = "Labour market paths; what works, what does not: part " + std::to_string(i);
        entry.description = "Join: https://meet.example/abc\n\nWhat the members have tried, what they found; Łódź, Αθήνα.\n\n"
                            "https://events.example/e/" + std::to_string(i);
        entry.location = "Palazzo di Città, Via Roma 1, Salerno";
        entry.url = "https://events.example/e/" + std::to_string(i);
        entry.conference_uri = "https://meet.example/abc";
        entry.conference_label = "Join online";
        out.push_back(std::move(entry));
    }
    return out;
}

// The same properties of the same entries; instants are given, as libical's own conversion is not asked for.
std::string by_libical(std::vector<Entry> const& entries) {
    icalcomponent* const calendar = icalcomponent_new_vcalendar();
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_prodid("-//Convoke//Convoke//EN"));
    icalcomponent_add_property(calendar, icalproperty_new_name("Events"));
    icaltimezone* const zone = icaltimezone_get_builtin_timezone("Europe/Brussels");
    icalcomponent_add_component(calendar, icalcomponent_new_clone(icaltimezone_get_component(zone)));
    for (Entry const& entry : entries) {
        Fixed const& fixed = std::get<Fixed>(entry.schedule.when);
        icalcomponent* const event = icalcomponent_new_vevent();
        icaltimetype const stamp = icaltime_from_timet_with_zone(entry.last_modified.time_since_epoch().count(), 0,
                                                                 icaltimezone_get_utc_timezone());
        auto const local = [](local_seconds at) {
            return icaltime_from_timet_with_zone(at.time_since_epoch().count(), 0, nullptr);
        };
        auto const zoned = [&](icalproperty* property) {
            icalproperty_add_parameter(property, icalparameter_new_tzid("Europe/Brussels"));
            return property;
        };
        auto const add = [&](icalproperty* property) { icalcomponent_add_property(event, property); };
        auto const extra = [&](char const* name, char const* value) {
            icalproperty* const property = icalproperty_new_x(value);
            icalproperty_set_x_name(property, name);
            add(property);
        };
        add(icalproperty_new_uid(entry.uid.c_str()));
        add(icalproperty_new_dtstamp(stamp));
        add(icalproperty_new_created(stamp));
        add(icalproperty_new_lastmodified(stamp));
        add(icalproperty_new_sequence(entry.sequence));
        add(zoned(icalproperty_new_dtstart(local(fixed.start))));
        add(zoned(icalproperty_new_dtend(local(fixed.start + fixed.duration.time))));
        add(icalproperty_new_summary(entry.summary.c_str()));
        add(icalproperty_new_description(entry.description.c_str()));
        add(icalproperty_new_location(entry.location.c_str()));
        add(icalproperty_new_url(entry.url.c_str()));
        icalproperty* const conference = icalproperty_new_conference(entry.conference_uri.c_str());
        icalproperty_add_parameter(conference, icalparameter_new_label(entry.conference_label.c_str()));
        add(conference);
        add(icalproperty_new_status(ICAL_STATUS_CONFIRMED));
        add(icalproperty_new_transp(ICAL_TRANSP_OPAQUE));
        add(icalproperty_new_class(ICAL_CLASS_PUBLIC));
        extra("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY");
        icalcomponent_add_component(calendar, event);
    }
    char* const text = icalcomponent_as_ical_string_r(calendar);
    std::string out = text;
    icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
    return out;
}

std::size_t libical_dates(char const* rule, int limit) {
    icalrecur_iterator* const iterator =
        icalrecur_iterator_new(icalrecurrencetype_from_string(rule), icaltime_from_string("20260106T100000"));
    std::size_t count = 0;
    for (; limit > 0 && !icaltime_is_null_time(icalrecur_iterator_next(iterator)); --limit) ++count;
    icalrecur_iterator_free(iterator);
    return count;
}

double feed_ratio(std::size_t events, int rounds) {
    auto const entries = some_entries(events);
    FeedHead const head{"feed@events.example", "Events", "", "Europe/Brussels", "", "en", {}};
    std::size_t bytes = 0;
    auto const [ours, theirs] = side_by_side(
        rounds, [&] { bytes += feed_text(head, entries).size(); }, [&] { bytes += by_libical(entries).size(); });
    if (bytes == 0) throw std::runtime_error("nothing was written");
    std::printf("  \"feed %zu\": {\"ours\": %.0f, \"libical\": %.0f, \"ratio\": %.2f},\n", events,
                static_cast<double>(events) / ours, static_cast<double>(events) / theirs, theirs / ours);
    return theirs / ours;
}

void rule_ratio(char const* rule, bool last) {
    constexpr int times = 40, limit = 300;
    auto const parsed = parse_rule(rule);
    local_seconds const start = parse_local("2026-01-06T10:00:00").value();
    std::size_t mine = 0, other = 0;
    auto const [ours, theirs] = side_by_side(
        9, [&] { for (int i = 0; i < times; ++i) mine += expand(*parsed, start, limit).starts.size(); },
        [&] { for (int i = 0; i < times; ++i) other += libical_dates(rule, static_cast<int>(expand(*parsed, start, limit).starts.size())); });
    // libical was asked for as many dates as ours gives, which cost one expansion of ours: taken off again.
    if (mine != other) throw std::runtime_error(std::string("different counts of dates: ") + rule);
    std::printf("  \"%s\": {\"ratio\": %.2f}%s\n", rule, (theirs - ours) / ours, last ? "" : ",");
}

}  // namespace

int main() {
    by_libical(some_entries(1));  // loads its zones
    std::printf("{\n");
    feed_ratio(100, 41);
    feed_ratio(10000, 5);
    char const* const rules[] = {"FREQ=DAILY",
                                 "FREQ=WEEKLY;BYDAY=TU,TH",
                                 "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
                                 "FREQ=MONTHLY;BYDAY=1TU",
                                 "FREQ=MONTHLY;BYMONTHDAY=6,-1",
                                 "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                                 "FREQ=YEARLY;BYMONTH=1,6;BYDAY=-1TU",
                                 "FREQ=YEARLY"};
    for (char const* rule : rules) rule_ratio(rule, rule == rules[std::size(rules) - 1]);
    std::printf("}\n");
}
