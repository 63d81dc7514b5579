#include "service/usecases/communities.hpp"

#include "service/core/ids.hpp"
#include "service/store/communities.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/revision.hpp"

#include <algorithm>

namespace convoke::usecases {
namespace {

Failure no_such_community() { return Failure(errc::not_found, "there is no such community"); }

}  // namespace

result<Community> create_community(Transaction& tx, Context const& context, Community const& wanted) {
    if (!context.actor.admin) return Failure(errc::forbidden, "only an administrator may create a community");
    Community community = wanted;
    community.id = core::new_id();
    community.revision = 1;
    community.created = community.updated = context.now;
    if (!store::insert_community(tx, community))
        return fault_at("/slug", errc::already_exists, "there is a community '" + wanted.slug + "' already");
    store::log_change(tx, context.now, origin_of(context), "community.create", community.id, {}, {}, "");
    return community;
}

result<Community> change_community(Transaction& tx, Context const& context, std::string_view slug,
                                   std::optional<std::int64_t> expected_revision, Community const& wanted) {
    CONVOKE_TRY(visible, find_organised_community(tx, context, slug));
    store::lock_row(tx, "community", visible.id);
    Community community = *store::find_community(tx, visible.id);
    CONVOKE_CHECK(check_revision(expected_revision, community.revision));
    if (wanted.slug != community.slug)
        return fault_at("/slug", errc::invalid_value,
                        "a slug stays as it is: links and calendars that people use contain it");
    bool const same = wanted.name == community.name && wanted.time_zone == community.time_zone &&
                      wanted.language == community.language && wanted.contact_email == community.contact_email;
    if (same) return community;
    community.name = wanted.name;
    community.time_zone = wanted.time_zone;
    community.language = wanted.language;
    community.contact_email = wanted.contact_email;
    community.revision += 1;
    community.updated = context.now;
    store::update_community(tx, community);
    store::log_change(tx, context.now, origin_of(context), "community.change", community.id, {}, {}, "");
    return community;
}

result<Community> find_community(Transaction& tx, std::string_view slug) {
    auto found = store::find_community(tx, slug);
    if (!found) return no_such_community();
    return *std::move(found);
}

result<Community> find_community(Transaction& tx, std::int64_t id) {
    auto found = store::find_community(tx, id);
    if (!found) return no_such_community();
    return *std::move(found);
}

result<Community> find_organised_community(Transaction& tx, Context const& context, std::string_view slug) {
    auto found = store::find_community(tx, slug);
    if (!found || !domain::may_organise(context.actor, found->id)) return no_such_community();
    return *std::move(found);
}

std::vector<Community> list_organised_communities(Transaction& tx, Context const& context, Page const& page) {
    if (context.actor.admin) return store::list_communities(tx, page.after, page.limit);
    std::vector<std::int64_t> ids;
    for (std::int64_t id : context.actor.organises)
        if (id > page.after.value_or(0)) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    if (ids.size() > page.limit) ids.resize(page.limit);
    return store::communities_by_id(tx, ids);
}

std::vector<Community> list_communities(Transaction& tx, Page const& page) {
    return store::list_communities(tx, page.after, page.limit);
}

}  // namespace convoke::usecases
