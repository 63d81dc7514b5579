#include "service/usecases/zone_data.hpp"

#include "service/store/change_log.hpp"
#include "service/store/events.hpp"
#include "service/store/instance.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/event_mails.hpp"

#include <map>

namespace convoke::usecases {

namespace {

using domain::Event;
using domain::EventState;

std::string name_of_mark(std::string const& zone) { return "zone:" + zone; }

// Calls `each` with every event of a known hour that is still to come.
template <class Each>
void each_event_to_come(Transaction& tx, Context const& context, Each each) {
    store::EventFilter filter;
    filter.from = context.now - std::chrono::hours(48);
    filter.unpublished = filter.all_groups = true;
    filter.limit = 200;
    for (;;) {
        auto const events = store::list_events(tx, filter);
        for (Event const& event : events)
            if (!event.definition.schedule.provisional() && event.state != EventState::cancelled) each(event);
        if (events.size() < filter.limit) return;
        filter.after_id = events.back().id;
    }
}

struct Mark {
    std::optional<std::string> noted;
    std::string now;
    bool changed() const { return noted && *noted != now; }
};

class Marks {
public:
    explicit Marks(Transaction& tx) : tx_(tx) {}
    Mark const& of(std::string const& zone) {
        auto const [at, fresh] = known_.try_emplace(zone);
        if (fresh) at->second = {store::find_value(tx_, name_of_mark(zone)), calendar::zone_mark(zone)};
        return at->second;
    }
    std::vector<std::string> changed() const {
        std::vector<std::string> out;
        for (auto const& [zone, mark] : known_)
            if (mark.changed()) out.push_back(zone);
        return out;
    }
    void note() {
        for (auto const& [zone, mark] : known_)
            if (mark.noted != mark.now) store::set_value(tx_, name_of_mark(zone), mark.now);
    }

private:
    Transaction& tx_;
    std::map<std::string, Mark> known_;
};

void reissue(Transaction& tx, Context const& context, Event event) {
    bool const told = event.state == EventState::published && event.invited;
    if (event.state != EventState::draft) ++event.sequence;
    ++event.revision;
    event.updated = event.shown = std::max(context.now, event.updated + std::chrono::seconds(1));
    store::update_event(tx, event);
    std::int64_t const cause = store::log_change(tx, context.now, origin_of(context), "event.clock-rules", event.community_ids.front(),
                                                 event.id, std::nullopt, event.zone);
    domain::ChangeWeight weight;
    weight.time = true;
    if (told) cause_updates(tx, context, event, weight, cause, "clock-rules");
    reset_reminders(tx, context, event);
}

}  // namespace

ZoneDataNews follow_zone_data(Transaction& tx, Context const& context) {
    Marks marks(tx);
    ZoneDataNews news;
    each_event_to_come(tx, context, [&](Event const& event) {
        bool const rules_changed = marks.of(event.zone).changed();
        auto const span = store::cached_span(tx, event);
        bool const elsewhere = span.cached.start != span.computed.start || span.cached.end != span.computed.end;
        if (!elsewhere && !(rules_changed && event.definition.schedule.recurrence)) return;
        reissue(tx, context, event);
        ++news.moved;
    });
    news.zones = marks.changed();
    marks.note();
    return news;
}

std::vector<std::string> zones_not_followed(Transaction& tx, Context const& context) {
    Marks marks(tx);
    each_event_to_come(tx, context, [&](Event const& event) { marks.of(event.zone); });
    return marks.changed();
}

}  // namespace convoke::usecases
