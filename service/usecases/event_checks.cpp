#include "service/usecases/event_checks.hpp"

#include "service/store/programmes.hpp"
#include "service/store/registrations.hpp"

#include <algorithm>

namespace convoke::usecases {

using domain::Event;

namespace {

std::string joined(std::vector<std::string> const& codes) {
    constexpr std::size_t most = 40;
    std::string text;
    for (std::size_t i = 0; i < codes.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + codes[i];
    if (codes.size() > most) text += " and " + std::to_string(codes.size() - most) + " more";
    return text;
}

}  // namespace

result<void> check_link(Event const& event) {
    auto const* fixed = std::get_if<calendar::Fixed>(&event.definition.schedule.when);
    if (fixed && event.link_due && *event.link_due > std::chrono::floor<std::chrono::days>(fixed->start))
        return fault_at("/linkDue", errc::out_of_range, "the link is due on the day of the event at the latest");
    bool const needs_link = fixed && event.definition.format == "online";
    if (!needs_link || event.link_due || !domain::join_link(event.definition).empty()) return {};
    Failure failure(errc::link_missing,
                    "the online event has no link yet: add virtualLocations with its uri, or say \"linkDue\": the day by "
                    "which it will be there; every mail then says so");
    failure.faults.push_back({"/virtualLocations", errc::link_missing, failure.detail});
    return failure;
}

void promise_link(Context const& context, Event& event) {
    auto const* fixed = std::get_if<calendar::Fixed>(&event.definition.schedule.when);
    if (!fixed || event.link_due || event.definition.format != "hybrid" || !domain::join_link(event.definition).empty()) return;
    auto const promise = calendar::parse_duration(context.instance.link_promise).value();
    auto const today = std::chrono::floor<std::chrono::days>(calendar::to_local(context.now, event.zone).local);
    event.link_due = std::max(today, std::chrono::floor<std::chrono::days>(fixed->start - calendar::approximate_length(promise)));
}

result<void> check_capacity(Transaction& tx, Event const& event) {
    std::vector<Fault> faults;
    std::int64_t most = 0;
    for (std::string const mode : {"on-site", "online"}) {
        auto const capacity = domain::capacity_of(event.definition, mode);
        if (!capacity) continue;
        std::int64_t const taken = store::seats_taken(tx, event.id, mode);
        if (*capacity >= taken) continue;
        most = std::max(most, taken);
        faults.push_back({mode == "online" ? "/registration/capacity/online" : "/registration/capacity/onSite",
                          errc::capacity_below_booked,
                          std::to_string(taken) + (taken == 1 ? " seat (" + mode + ") is" : " seats (" + mode + ") are") + " taken already: keep at least " + std::to_string(taken) +
                              ", or cancel " + std::to_string(taken - *capacity) + " of the registrations first"});
    }
    if (faults.empty()) return {};
    Failure failure(std::move(faults));
    failure.arguments["booked"] = std::to_string(most);
    return failure;
}

result<void> check_topics(Transaction& tx, Event const& event, std::vector<std::string> const& before) {
    auto const& asked = event.definition.topics;
    auto const among = [](std::vector<std::string> const& codes, std::string const& code) {
        return std::find(codes.begin(), codes.end(), code) != codes.end();
    };
    if (std::all_of(asked.begin(), asked.end(), [&](std::string const& code) { return among(before, code); })) return {};
    std::vector<std::string> known;
    for (std::int64_t community : event.community_ids)
        for (std::string& code : store::topic_codes(tx, community))
            if (!among(known, code)) known.push_back(std::move(code));
    if (known.empty()) return {};
    std::sort(known.begin(), known.end());
    std::vector<Fault> faults;
    for (std::size_t i = 0; i < asked.size(); ++i)
        if (!among(before, asked[i]) && !among(known, asked[i]))
            faults.push_back({"/topics/" + std::to_string(i), errc::invalid_value,
                              "no programme of these communities has a topic \"" + asked[i] + "\"; the topics are " + joined(known)});
    if (!faults.empty()) return Failure(std::move(faults));
    return {};
}

}  // namespace convoke::usecases
