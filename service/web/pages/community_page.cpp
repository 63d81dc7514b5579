#include "service/web/pages/community_page.hpp"

#include "service/usecases/communities.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/programmes.hpp"
#include "service/web/layout.hpp"
#include "service/web/views/community_view.hpp"

namespace convoke::web {

namespace {

constexpr std::size_t most_communities = 200, most_events = 500, next_events = 3;

}  // namespace

awaitable<Response> home_page(WebServices const& services, Visitor visitor, Request& request) {
    auto const context = context_of(services, visitor);
    auto const found = co_await services.db.read([&](Transaction& tx) -> result<std::vector<CommunityAhead>> {
        std::vector<CommunityAhead> all;
        for (auto const& community : usecases::list_communities(tx, {most_communities, {}})) {
            usecases::EventQuery query;
            query.community = community.slug;
            query.from = context.now;
            query.state = domain::EventState::published;
            query.in_order_of_time = true;
            query.limit = next_events;
            CONVOKE_TRY(next, usecases::list_events(tx, context, query));
            all.push_back({community, next});
        }
        return all;
    });
    if (!found) co_return failure_page(services, visitor, request, found.error());
    auto const reader = reader_of(services, visitor);
    Data data = home_view(reader, *found);
    Frame frame;
    frame.title = reader.say("Communities and their events");
    frame.intro = reader.say("Programmes, registration and calendars of communities of practice.");
    frame.here = "home";
    co_return render_page(services, visitor, request, "pages/home.html", frame, std::move(data));
}

awaitable<Response> community_page(WebServices const& services, Visitor visitor, Request& request) {
    auto const context = context_of(services, visitor);
    auto const found = co_await services.db.read([&](Transaction& tx) -> result<CommunityFacts> {
        CommunityFacts facts;
        auto const& slug = request.param("slug");
        CONVOKE_TRY(community, usecases::find_community(tx, slug));
        CONVOKE_TRY(programmes, usecases::list_programmes(tx, slug, {}));
        usecases::EventQuery query;
        query.community = slug;
        query.in_order_of_time = true;
        query.limit = most_events;
        CONVOKE_TRY(events, usecases::list_events(tx, context, query));
        facts.community = community;
        facts.programmes.assign(programmes.rbegin(), programmes.rend());
        facts.events = events;
        return facts;
    });
    if (!found) co_return failure_page(services, visitor, request, found.error());
    CommunityFacts facts = *found;
    facts.base_url = services.instance.base_url;
    if (auto const month = request.query("month")) facts.month = parse_month(*month);
    auto const reader = reader_of(services, visitor);
    Data data = community_view(reader, facts);
    Frame frame;
    frame.title = facts.community.name;
    frame.heading_lang = facts.community.language;
    frame.trail = {{reader.say("Communities"), "/"}, {facts.community.name, ""}};
    frame.feed_path = "/c/" + facts.community.slug + "/calendar.ics";
    co_return render_page(services, visitor, request, "pages/community.html", frame, std::move(data));
}

}  // namespace convoke::web
