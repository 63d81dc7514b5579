#include "service/web/pages/organised_event.hpp"

#include "service/core/ids.hpp"
#include "service/usecases/communities.hpp"
#include "service/usecases/events.hpp"
#include "service/web/views/organise_view.hpp"

namespace convoke::web {

result<domain::Event> find_organised(Transaction& tx, Context const& context, Request const& request) {
    CONVOKE_TRY(community, usecases::find_organised_community(tx, context, request.param("slug")));
    auto const id = core::parse_id(request.param("id"));
    if (!id) return Failure(errc::not_found, "There is no such event.");
    CONVOKE_TRY(event, usecases::find_event(tx, context, *id));
    for (auto const owner : event.community_ids)
        if (owner == community.id) return event;
    return Failure(errc::not_found, "There is no such event.");
}

awaitable<result<domain::Event>> find_organised(WebServices const& services, Visitor const& visitor, Request const& request) {
    auto const context = context_of(services, visitor);
    co_return co_await services.db.read([&](Transaction& tx) { return find_organised(tx, context, request); });
}

Frame frame_for(Reader const& reader, Request const& request, domain::Event const& event, std::string const& title) {
    auto const& slug = request.param("slug");
    Frame frame;
    frame.title = title.empty() ? event.definition.title : title;
    frame.heading_lang = title.empty() ? event.definition.locale : "";
    frame.trail = {{reader.say("Organise"), "/organise"}, {slug, organise_path(slug)}};
    if (title.empty()) frame.trail.emplace_back(event.definition.title, "");
    else frame.trail.emplace_back(event.definition.title, organise_path(slug, event.id)), frame.trail.emplace_back(title, "");
    frame.here = "organise";
    return frame;
}

}  // namespace convoke::web
