#include "service/usecases/series_changes.hpp"

#include "calendar/series.hpp"
#include "service/usecases/event_mails.hpp"

#include <algorithm>

namespace convoke::usecases {

namespace {

using calendar::Schedule;
using calendar::SeriesForm;

bool still_to_come(Schedule const& schedule, calendar::local_seconds id, sys_seconds now) {
    return calendar::first_span(calendar::schedule_of_date(schedule, id), {}).end > now;
}

}  // namespace

result<void> check_held_dates(domain::Event const& before, domain::Event const& after, sys_seconds now) {
    Schedule const& was = before.definition.schedule;
    Schedule const& is = after.definition.schedule;
    if (was == is || was.provisional() || is.provisional()) return {};
    bool const single_dates = calendar::series_form(was) == SeriesForm::dates || calendar::series_form(is) == SeriesForm::dates;
    if (!single_dates) return {};
    if (!was.recurrence)
        return fault_at("/recurrenceRules", errc::invalid_state,
                        "people hold one date; calendars take this series date by date only: create a new event for it");
    auto lost = calendar::dates_lost(was, is);
    std::erase_if(lost, [&](calendar::local_seconds id) { return !still_to_come(was, id, now); });
    if (lost.empty()) return {};
    return fault_at("/recurrenceRules", errc::invalid_state,
                    "people hold these dates one by one: exclude " + calendar::format_local(lost.front()) +
                        " (recurrenceOverrides, excluded) and add the new date, or cancel the event and create another");
}

void cause_mails_of_change(Transaction& tx, Context const& context, domain::Event const& before, domain::Event const& after,
                           domain::ChangeWeight weight, std::int64_t cause) {
    auto dates = weight.place ? std::nullopt : calendar::date_changes(before.definition.schedule, after.definition.schedule);
    if (dates && dates->size() <= most_date_mails) {
        std::erase_if(*dates, [&](calendar::DateChange const& change) {
            return !still_to_come(before.definition.schedule, change.id, context.now) &&
                   !still_to_come(after.definition.schedule, change.id, context.now);
        });
        return cause_date_mails(tx, context, after, *dates, cause);
    }
    cause_updates(tx, context, after, weight, cause);
}

}  // namespace convoke::usecases
