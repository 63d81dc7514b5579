#include "service/store/communities.hpp"

#include "service/store/id_list.hpp"

#include <algorithm>

namespace convoke::store {
namespace {

#define COMMUNITY_COLUMNS \
    "id, slug, name, time_zone, language, contact_email, revision, created_at, updated_at"

Community read_community(Row const& row) {
    return Community{.id = row.integer(0),
                     .slug = row.text(1),
                     .name = row.text(2),
                     .time_zone = row.text(3),
                     .language = row.text(4),
                     .contact_email = row.text(5),
                     .revision = row.integer(6),
                     .created = calendar::sys_seconds(std::chrono::seconds(row.integer(7))),
                     .updated = calendar::sys_seconds(std::chrono::seconds(row.integer(8)))};
}

std::optional<Community> first(Rows const& rows) {
    if (rows.empty()) return std::nullopt;
    return read_community(rows[0]);
}

}  // namespace

bool insert_community(Transaction& tx, Community const& community) {
    return tx.execute("INSERT INTO community (id, slug, name, time_zone, language, contact_email, revision, created_at, "
                      "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (slug) DO NOTHING",
                      {community.id, community.slug, community.name, community.time_zone, community.language,
                       community.contact_email, community.revision, community.created.time_since_epoch().count(),
                       community.updated.time_since_epoch().count()}) == 1;
}

void update_community(Transaction& tx, Community const& community) {
    tx.execute("UPDATE community SET name = $2, time_zone = $3, language = $4, contact_email = $5, revision = $6, "
               "updated_at = $7 WHERE id = $1",
               {community.id, community.name, community.time_zone, community.language, community.contact_email,
                community.revision, community.updated.time_since_epoch().count()});
}

std::optional<Community> find_community(Transaction& tx, std::int64_t id) {
    return first(tx.query("SELECT " COMMUNITY_COLUMNS " FROM community WHERE id = $1", {id}));
}

std::optional<Community> find_community(Transaction& tx, std::string_view slug) {
    return first(tx.query("SELECT " COMMUNITY_COLUMNS " FROM community WHERE slug = $1", {slug}));
}

std::vector<Community> list_communities(Transaction& tx, std::optional<std::int64_t> after, std::size_t limit) {
    std::vector<Community> out;
    for (auto const& row : tx.query("SELECT " COMMUNITY_COLUMNS " FROM community WHERE id > $1 ORDER BY id LIMIT $2",
                                    {after.value_or(0), limit}))
        out.push_back(read_community(row));
    return out;
}

std::vector<Community> communities_by_id(Transaction& tx, std::span<std::int64_t const> ids) {
    std::vector<Community> out;
    for_ids(tx, "SELECT " COMMUNITY_COLUMNS " FROM community WHERE id IN ", ids, "",
            [&](Row const& row) { out.push_back(read_community(row)); });
    std::sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.id < b.id; });
    return out;
}

}  // namespace convoke::store
