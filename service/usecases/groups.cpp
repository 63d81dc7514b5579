#include "service/usecases/groups.hpp"

#include "service/core/ids.hpp"
#include "service/store/groups.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/communities.hpp"
#include "service/usecases/members.hpp"
#include "service/usecases/revision.hpp"

namespace convoke::usecases {
namespace {

void log(Transaction& tx, Context const& context, std::string_view action, WorkingGroup const& group,
         std::optional<std::int64_t> person_id = {}) {
    store::log_change(tx, context.now, origin_of(context), action, group.community_id, {}, person_id,
                      "group:" + std::to_string(group.id));
}

}  // namespace

result<WorkingGroup> create_group(Transaction& tx, Context const& context, std::string_view slug,
                                  WorkingGroup const& wanted) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    WorkingGroup group = wanted;
    group.id = core::new_id();
    group.community_id = community.id;
    group.revision = 1;
    if (!store::insert_group(tx, group, context.now))
        return fault_at("/slug", errc::already_exists, "the community has a working group '" + group.slug + "' already");
    log(tx, context, "group.create", group);
    return group;
}

result<WorkingGroup> change_group(Transaction& tx, Context const& context, std::string_view slug,
                                  std::string_view group_slug, std::optional<std::int64_t> expected_revision,
                                  WorkingGroup const& wanted) {
    CONVOKE_TRY(visible, usecases::find_group(tx, context, slug, group_slug));
    store::lock_row(tx, "working_group", visible.id);
    WorkingGroup group = *store::find_group(tx, visible.id);
    CONVOKE_CHECK(check_revision(expected_revision, group.revision));
    if (wanted.slug != group.slug)
        return fault_at("/slug", errc::invalid_value, "a slug stays as it is: events name the group by it");
    if (wanted.name == group.name) return group;
    group.name = wanted.name;
    group.revision += 1;
    store::update_group(tx, group);
    log(tx, context, "group.change", group);
    return group;
}

result<WorkingGroup> find_group(Transaction& tx, Context const& context, std::string_view slug,
                                std::string_view group_slug) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    auto group = store::find_group(tx, community.id, group_slug);
    if (!group) return Failure(errc::not_found, "there is no such working group in this community");
    return *std::move(group);
}

result<std::vector<WorkingGroup>> list_groups(Transaction& tx, Context const& context, std::string_view slug,
                                              Page const& page) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    return store::list_groups(tx, community.id, page.after, page.limit);
}

result<void> put_group_member(Transaction& tx, Context const& context, std::string_view slug,
                              std::string_view group_slug, std::int64_t member_id) {
    CONVOKE_TRY(group, usecases::find_group(tx, context, slug, group_slug));
    CONVOKE_TRY(member, usecases::find_member(tx, context, slug, member_id));
    if (store::put_group_member(tx, group.id, member.id)) log(tx, context, "group.member.add", group, member.person_id);
    return {};
}

result<void> remove_group_member(Transaction& tx, Context const& context, std::string_view slug,
                                 std::string_view group_slug, std::int64_t member_id) {
    CONVOKE_TRY(group, usecases::find_group(tx, context, slug, group_slug));
    CONVOKE_TRY(member, usecases::find_member(tx, context, slug, member_id));
    if (!store::delete_group_member(tx, group.id, member.id))
        return Failure(errc::not_found, "this member is not in the working group");
    log(tx, context, "group.member.remove", group, member.person_id);
    return {};
}

result<std::vector<domain::Member>> list_group_members(Transaction& tx, Context const& context, std::string_view slug,
                                                       std::string_view group_slug, Page const& page) {
    CONVOKE_TRY(group, usecases::find_group(tx, context, slug, group_slug));
    return store::list_group_members(tx, group.id, page.after, page.limit);
}

}  // namespace convoke::usecases
