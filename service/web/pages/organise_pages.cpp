#include "service/web/pages/organise_pages.hpp"

#include "service/usecases/communities.hpp"
#include "service/core/ids.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/feeds.hpp"
#include "service/usecases/members.hpp"
#include "service/usecases/webhooks.hpp"
#include "service/web/layout.hpp"
#include "service/web/views/desk_notes.hpp"
#include "service/web/views/organise_members_view.hpp"
#include "service/web/views/organise_view.hpp"

namespace convoke::web {

namespace {

constexpr std::size_t most_communities = 200, most_events = 500, members_a_page = 100;

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
        std::vector<domain::Webhook> webhooks;
    };
    auto const found = co_await services.db.read([&](Transaction& tx) -> result<Found> {
        auto const& slug = request.param("slug");
        CONVOKE_TRY(community, usecases::find_organised_community(tx, context, slug));
        usecases::EventQuery query;
        query.community = slug;
        query.in_order_of_time = true;
        query.limit = most_events;
        CONVOKE_TRY(events, usecases::list_events(tx, context, query));
        CONVOKE_TRY(webhooks, usecases::list_webhooks(tx, context, slug, {usecases::most_webhooks, {}}));
        Found all{community, {}, webhooks};
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
    std::string const& zone = reader.zone.empty() ? found->community.time_zone : reader.zone;
    frame.here = "organise";
    co_return render_page(services, visitor, request, "pages/organise_community.html", frame,
                          organise_community_view(reader, found->community.slug, found->events,
                                                  webhook_rows(reader, zone, found->webhooks)));
}

awaitable<Response> organise_members_page(WebServices const& services, Visitor visitor, Request& request) {
    auto const context = context_of(services, visitor);
    struct Found {
        domain::Community community;
        std::vector<OrganisedMember> members;
    };
    auto const found = co_await services.db.read([&](Transaction& tx) -> result<Found> {
        auto const& slug = request.param("slug");
        CONVOKE_TRY(community, usecases::find_organised_community(tx, context, slug));
        auto const after = request.query("after");
        CONVOKE_TRY(members, usecases::list_members(tx, context, slug, {members_a_page + 1, after ? core::parse_id(*after) : std::nullopt}));
        Found all{community, {}};
        for (auto const& member : members) {
            auto const fetch = usecases::last_fetch(tx, member.person_id);
            all.members.push_back({member, fetch ? std::optional(Fetch{fetch->at, fetch->client}) : std::nullopt});
        }
        return all;
    });
    if (!found) co_return failure_page(services, visitor, request, found.error());
    auto members = found->members;
    std::string more;
    if (members.size() > members_a_page) {
        members.pop_back();
        more = organise_path(found->community.slug) + "/members?after=" + core::format_id(members.back().member.id);
    }
    auto const reader = reader_of(services, visitor);
    Frame frame;
    frame.title = reader.say("Members");
    frame.trail = {{reader.say("Organise"), "/organise"}, {found->community.name, organise_path(found->community.slug)}, {frame.title, ""}};
    frame.here = "organise";
    co_return render_page(services, visitor, request, "pages/organise_members.html", frame, organise_members_view(reader, members, more));
}

}  // namespace convoke::web
