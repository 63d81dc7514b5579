// How a series is said in iCalendar: by its rule, or date by date. Any thread; pure.
#pragma once

#include "calendar/schedule.hpp"

namespace convoke::calendar {

// One UID either way (RFC 5546 §3.2.2 allows instances without a master; Exchange makes each an appointment of its own,
// MS-OXCICAL 2.1.3.1.1.20.20).
enum class SeriesForm {
    rule,   // a master with RRULE and EXDATE, one VEVENT with RECURRENCE-ID for each changed date
    dates,  // no master: one VEVENT with RECURRENCE-ID for each date
};

// `dates` where readers would differ on the rule: what Outlook cannot take (S11), added dates, a zone whose changes no
// simple VTIMEZONE says (Z10), a date in the hour that clocks skip or repeat, a date that lasts over a clock change.
// `rule` for everything that does not recur.
SeriesForm series_form(Schedule const& schedule);

// DAILY; WEEKLY with BYDAY; MONTHLY and YEARLY by one day of the month up to the 28th (Outlook moves the 31st to shorter
// months' ends) or one first to fourth or last weekday.
bool every_calendar_takes(RecurrenceRule const& rule, local_days start);

// The dates of `before` that `after` neither has nor excludes by name. Who holds single dates can be told of each that
// goes, but not of a new rule: such a change is a new event.
std::vector<local_seconds> dates_lost(Schedule const& before, Schedule const& after);

// What differs between two versions of a series when nothing but single dates does; none when anything else differs too.
struct DateChange {
    local_seconds id;
    bool gone = false;   // does not take place any more
    bool moved = false;  // another time, or new: answers are asked for again
    friend bool operator==(DateChange const&, DateChange const&) = default;
};
std::optional<std::vector<DateChange>> date_changes(Schedule const& before, Schedule const& after);

// Whether the series has this date (it may have been moved).
bool takes_place(Schedule const& schedule, local_seconds id);

// The changed dates that a REQUEST of the whole series leaves to mails of their own, which follow it: Outlook refuses a
// mail with a series and its changed dates (S10). None where the series goes date by date, and none where they are more
// than a reader would put up with as mails: then they stay in the one text, and the linter warns.
constexpr std::size_t most_dates_apart = 5;
std::vector<local_seconds> dates_apart(Schedule const& schedule);
// Whether the one text has to hold a rule and changed dates: more than `most_dates_apart` of them.
bool too_many_dates_apart(Schedule const& schedule);

// One date as a schedule of its own: where it has been moved to, or where it would have been.
Schedule schedule_of_date(Schedule const& schedule, local_seconds id);

// Dates whose local time the clocks skip or repeat, in order: RFC 5545 §3.3.5 decides, organisers should know.
struct TouchedDate {
    local_seconds id;
    LocalReading::Kind kind;
    LocalMoment happens;  // what the clock really shows at that instant
    friend bool operator==(TouchedDate const& a, TouchedDate const& b) { return a.id == b.id && a.kind == b.kind; }
};
std::vector<TouchedDate> touched_dates(Schedule const& schedule);

}  // namespace convoke::calendar
