#include "service/usecases/registration_checks.hpp"

#include "service/store/events.hpp"

namespace convoke::usecases {

using domain::Event;
using domain::EventState;

namespace {

std::string with_offset(sys_seconds instant, std::string const& zone) {
    auto const moment = calendar::to_local(instant, zone);
    return calendar::format_local(moment.local) + calendar::format_offset(moment.offset);
}

Failure closed(Event const& event, std::string_view argument, sys_seconds at, std::string_view what) {
    Failure failure(errc::registration_closed, std::string(what) + " on " + domain::say_deadline(calendar::to_local(at, event.zone).local, event.zone));
    failure.arguments[std::string(argument)] = with_offset(at, event.zone);
    failure.arguments["timeZone"] = event.zone;
    return failure;
}

}  // namespace

result<void> check_open(Context const& context, Event const& event) {
    if (event.state == EventState::cancelled) {
        Failure failure(errc::event_cancelled, "the event is cancelled");
        if (!event.cancel_reason.empty()) failure.detail += ": " + event.cancel_reason;
        return failure;
    }
    if (event.state == EventState::draft) return Failure(errc::invalid_state, "the event is a draft: publish it first");
    if (event.definition.schedule.provisional())
        return Failure(errc::event_provisional, "the date is not fixed yet; registration opens when it is");
    auto const& rules = event.definition.registration;
    auto const ended = calendar::first_span(event.definition.schedule, event.zone).end;
    if (event.state == EventState::completed || (!event.definition.schedule.recurrence && ended <= context.now)) {
        if (event.definition.schedule.recurrence) return Failure(errc::registration_closed, "the series has taken place");
        return closed(event, "closed", ended, "registration closed with the event's end,");
    }
    auto const at = [&](std::optional<calendar::local_seconds> const& local) { return calendar::to_instant(*local, event.zone); };
    if (rules.opens && context.now < at(rules.opens)) return closed(event, "opens", at(rules.opens), "registration opens");
    if (rules.closes && context.now >= at(rules.closes)) return closed(event, "closed", at(rules.closes), "registration closed");
    return {};
}

result<void> check_policy(Transaction& tx, Event const& event, std::int64_t person_id, bool was_invited) {
    std::string const& policy = event.definition.registration.policy;
    if (policy == "open" || policy == "approval" || was_invited) return {};
    if (policy == "members" && store::concerns_person(tx, event, person_id)) return {};
    return Failure(errc::forbidden, policy == "members" ? "registration is for members of the owning communities"
                                                        : "registration is by invitation");
}

result<void> check_attendance(Context const& context, Event const& event, bool came) {
    sys_seconds from = calendar::first_span(event.definition.schedule, event.zone).start;
    if (came) {
        auto const day = std::chrono::floor<std::chrono::days>(calendar::to_local(from, event.zone).local);
        from = calendar::to_instant(calendar::local_seconds(day), event.zone);
    }
    if (context.now >= from) return {};
    Failure failure(errc::invalid_state, std::string(came ? "who came can be noted from " : "who did not come can be noted from ") +
                                             domain::say_deadline(calendar::to_local(from, event.zone).local, event.zone) + " on: the event has not taken place");
    failure.arguments["from"] = with_offset(from, event.zone);
    return failure;
}

}  // namespace convoke::usecases
