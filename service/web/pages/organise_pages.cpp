#include "service/web/pages/organise_pages.hpp"

#include "service/usecases/communities.hpp"
#include "service/usecases/events.hpp"
#include "service/web/layout.hpp"
#include "service/web/views/organise_view.hpp"

namespace convoke::web {

namespace {

constexpr std::size_t most_communities = 200, most_events = 500;

}  // namespace

awaitable<Response> organise_page(WebServices const& services, Visitor visitor, Request& request) {
    auto const context = context_of(services, visitor);
    auto const found = co_await services.db.read([&](Transaction& tx) -> result<std::vector<domain::Community>> {
        return usecases::list_organised_communities(tx, context, {most_communities, {}});
    });
    if (!found) co_return failure_page(services, visitor, request, found.error());
    auto const reader = reader_of(services, visitor);
    std::vector<Data> communities;
    for (auto const& community : *found) {
        Data data;
        data.set("slug", community.slug).set("name", community.name);
        communities.push_back(data);
    }
    Data data;
    data.set("communities", communities).set("has_communities", !communities.empty());
    Frame frame;
    frame.title = reader.say("Organise");
    frame.here = "organise";
    co_return render_page(services, visitor, request, "pages/organise.html", frame, std::move(data));
}

awaitable<Response> organise_community_page(WebServices const& services, Visitor visitor, Request& request) {
    auto const context = context_of(services, visitor);
    struct Found {
        domain::Community community;
        std::vector<OrganisedEvent> events;
    };
    auto const found = co_await services.db.read([&](Transaction& tx) -> result<Found> {
        auto const& slug = request.param("slug");
        CONVOKE_TRY(community, usecases::find_organised_community(tx, context, slug));
        usecases::EventQuery query;
        query.community = slug;
        query.in_order_of_time = true;
        query.limit = most_events;
        CONVOKE_TRY(events, usecases::list_events(tx, context, query));
        Found all{community, {}};
        for (auto const& event : events) {
            CONVOKE_TRY(figures, usecases::event_figures(tx, context, event.id));
            all.events.push_back({event, {figures.invited, figures.confirmed, figures.waitlisted, figures.pending, figures.declined,
                                          figures.cancelled, figures.mails_sent, figures.mails_open, figures.mails_failed}});
        }
        return all;
    });
    if (!found) co_return failure_page(services, visitor, request, found.error());
    auto const reader = reader_of(services, visitor);
    Frame frame;
    frame.title = found->community.name;
    frame.heading_lang = found->community.language;
    frame.trail = {{reader.say("Organise"), "/organise"}, {found->community.name, ""}};
    frame.here = "organise";
    co_return render_page(services, visitor, request, "pages/organise_community.html", frame,
                          organise_community_view(reader, found->community.slug, found->events));
}

}  // namespace convoke::web
