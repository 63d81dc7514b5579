// The time properties of an entry. Inside this room. Any thread; pure.
#pragma once

#include "calendar/entry.hpp"
#include "calendar/text_writer.hpp"

namespace convoke::calendar {

// Which zones a calendar needs, over which window, and which entries are better written in UTC.
class ZonesInUse {
public:
    void add(Schedule const& schedule);
    // The VTIMEZONEs, by zone name.
    std::string text() const;
    // UTC itself, and dates in a zone whose changes no simple VTIMEZONE can say.
    bool as_utc(Schedule const& schedule) const;
    // A series whose rule readers would place differently.
    bool date_by_date(Schedule const& schedule) const;

private:
    struct Window {
        sys_seconds from, to;
        mutable std::optional<bool> irregular;  // once asked
    };
    static bool changes_irregularly(std::string const& zone, Window const& window);
    std::map<std::string, Window, std::less<>> windows_;
};

// A wall time that says nothing certain by itself: readers differ on it.
bool skipped_or_repeated(Schedule const& schedule, local_seconds local);

// "20260617T080000Z", "20260617T100000", "20260617": written thousands of times for a feed, so without a heap.
class Stamp {
public:
    explicit Stamp(local_seconds local);
    explicit Stamp(sys_seconds instant);
    explicit Stamp(local_days day);
    operator std::string_view() const { return {text_, size_}; }

private:
    void put(unsigned value, unsigned digits);
    void put_date(local_days day);
    char text_[20];
    std::size_t size_ = 0;
};
std::string ical_instant(sys_seconds instant);

// DTSTART, DTEND or DURATION, RRULE, EXDATE of the event, or RECURRENCE-ID, DTSTART, DTEND of one changed occurrence.
void write_times(TextWriter& out, Schedule const& schedule, bool as_utc);
void write_changed_times(TextWriter& out, Schedule const& schedule, local_seconds id, Override const& change, bool as_utc);

}  // namespace convoke::calendar
