#include "service/store/groups.hpp"

#include "service/store/members.hpp"

namespace convoke::store {
namespace {

#define GROUP_COLUMNS "id, community_id, slug, name, revision"

WorkingGroup read_group(Row const& row) {
    return WorkingGroup{.id = row.integer(0),
                        .community_id = row.integer(1),
                        .slug = row.text(2),
                        .name = row.text(3),
                        .revision = row.integer(4)};
}

std::optional<WorkingGroup> first(Rows const& rows) {
    if (rows.empty()) return std::nullopt;
    return read_group(rows[0]);
}

}  // namespace

bool insert_group(Transaction& tx, WorkingGroup const& group, calendar::sys_seconds now) {
    return tx.execute("INSERT INTO working_group (id, community_id, slug, name, revision, created_at) "
                      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (community_id, slug) DO NOTHING",
                      {group.id, group.community_id, group.slug, group.name, group.revision,
                       now.time_since_epoch().count()}) == 1;
}

void update_group(Transaction& tx, WorkingGroup const& group) {
    tx.execute("UPDATE working_group SET name = $2, revision = $3 WHERE id = $1", {group.id, group.name, group.revision});
}

std::optional<WorkingGroup> find_group(Transaction& tx, std::int64_t id) {
    return first(tx.query("SELECT " GROUP_COLUMNS " FROM working_group WHERE id = $1", {id}));
}

std::optional<WorkingGroup> find_group(Transaction& tx, std::int64_t community_id, std::string_view slug) {
    return first(tx.query("SELECT " GROUP_COLUMNS " FROM working_group WHERE community_id = $1 AND slug = $2",
                          {community_id, slug}));
}

std::vector<WorkingGroup> list_groups(Transaction& tx, std::int64_t community_id, std::optional<std::int64_t> after,
                                      std::size_t limit) {
    std::vector<WorkingGroup> out;
    for (auto const& row : tx.query("SELECT " GROUP_COLUMNS " FROM working_group WHERE community_id = $1 AND id > $2 "
                                    "ORDER BY id LIMIT $3",
                                    {community_id, after.value_or(0), limit}))
        out.push_back(read_group(row));
    return out;
}

bool put_group_member(Transaction& tx, std::int64_t group_id, std::int64_t member_id) {
    return tx.execute("INSERT INTO working_group_member (working_group_id, member_id) VALUES ($1, $2) "
                      "ON CONFLICT DO NOTHING",
                      {group_id, member_id}) == 1;
}

bool delete_group_member(Transaction& tx, std::int64_t group_id, std::int64_t member_id) {
    return tx.execute("DELETE FROM working_group_member WHERE working_group_id = $1 AND member_id = $2",
                      {group_id, member_id}) == 1;
}

std::vector<domain::Member> list_group_members(Transaction& tx, std::int64_t group_id,
                                               std::optional<std::int64_t> after, std::size_t limit) {
    std::vector<domain::Member> out;
    for (auto const& row : tx.query("SELECT member_id FROM working_group_member WHERE working_group_id = $1 AND "
                                    "member_id > $2 ORDER BY member_id LIMIT $3",
                                    {group_id, after.value_or(0), limit}))
        if (auto member = find_member(tx, row.integer(0))) out.push_back(std::move(*member));
    return out;
}

std::vector<std::string> group_slugs_of_member(Transaction& tx, std::int64_t member_id) {
    std::vector<std::string> out;
    for (auto const& row : tx.query("SELECT g.slug FROM working_group_member w JOIN working_group g "
                                    "ON g.id = w.working_group_id WHERE w.member_id = $1 ORDER BY g.id",
                                    {member_id}))
        out.push_back(row.text(0));
    return out;
}

}  // namespace convoke::store
