#include "service/web/pages/event_page.hpp"

#include "service/usecases/programmes.hpp"
#include "service/usecases/registrations.hpp"
#include "service/web/layout.hpp"
#include "service/web/pages/event_call.hpp"
#include "service/web/views/choices.hpp"
#include "service/web/views/event_view.hpp"
#include "service/web/views/organise_view.hpp"

namespace convoke::web {

namespace {

struct Found {
    EventCall call;
    std::vector<domain::Topic> topics;
    TakenSeats taken;
};

result<Found> find(Transaction& tx, WebServices const& services, Visitor const& visitor, Request const& request) {
    CONVOKE_TRY(call, find_call(tx, services, visitor, request));
    Found found{call, {}, {}};
    for (auto const& slug : call.event.definition.communities) {
        CONVOKE_TRY(programmes, usecases::list_programmes(tx, slug, {}));
        for (auto const& programme : programmes)
            for (auto const& objective : programme.objectives) found.topics.insert(found.topics.end(), objective.topics.begin(), objective.topics.end());
    }
    CONVOKE_TRY(taken, usecases::seats_taken(tx, call.event.id));
    found.taken = {taken.on_site, taken.online};
    return found;
}

}  // namespace

awaitable<Response> event_page(WebServices const& services, Visitor visitor, Request& request) {
    auto const found = co_await services.db.read([&](Transaction& tx) { return find(tx, services, visitor, request); });
    if (!found) co_return failure_page(services, visitor, request, found.error());
    auto const& call = found->call;
    adopt_holder(services, visitor, call);
    auto const reader = reader_of(services, visitor);

    EventFacts facts{.event = call.event, .topics = found->topics, .own = call.own, .organiser = call.organiser, .taken = found->taken, .token = call.token, .organise_path = {}};
    if (call.organiser) facts.organise_path = organise_path(call.organised_slug, call.event.id);
    Data data = event_view(reader, facts);
    data.set("zone_form", false);
    if (call.token.empty() && call.event.definition.schedule.fixed()) {
        std::string const zone = reader.zone.empty() ? call.event.zone : reader.zone;
        std::vector<Data> zones;
        for (auto const& [key, text] : zone_choices(zone)) {
            Data option;
            option.set("key", key).set("text", text).set("chosen", key == zone);
            zones.push_back(option);
        }
        data.set("zone_form", std::move(Data().set("zones", zones)));
    }

    Frame frame;
    frame.title = call.event.definition.title;
    frame.heading_lang = call.event.definition.locale;
    frame.trail = {{reader.say("Communities"), "/"}};
    if (!call.event.community_names.empty()) frame.trail.emplace_back(call.event.community_names.front(), "/c/" + call.event.definition.communities.front());
    frame.trail.emplace_back(call.event.definition.title, "");
    frame.secret = !call.token.empty();
    co_return render_page(services, visitor, request, "pages/event.html", frame, std::move(data));
}

}  // namespace convoke::web
