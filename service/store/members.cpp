#include "service/store/members.hpp"

namespace convoke::store {
namespace {

#define MEMBER_COLUMNS                                                                                        \
    "m.id, m.community_id, m.person_id, p.email, m.name, m.organisation, m.category, m.country, m.language, " \
    "m.time_zone, m.role, m.revision, p.feed_version, m.created_at, m.updated_at"
#define MEMBER_SELECT "SELECT " MEMBER_COLUMNS " FROM member m JOIN person p ON p.id = m.person_id "

Member read_member(Row const& row) {
    return Member{.id = row.integer(0),
                  .community_id = row.integer(1),
                  .person_id = row.integer(2),
                  .email = row.text(3),
                  .name = row.text(4),
                  .organisation = row.text(5),
                  .category = row.text(6),
                  .country = row.text(7),
                  .language = row.text(8),
                  .time_zone = row.text(9),
                  .role = row.text(10),
                  .revision = row.integer(11),
                  .feed_version = row.integer(12),
                  .created = calendar::sys_seconds(std::chrono::seconds(row.integer(13))),
                  .updated = calendar::sys_seconds(std::chrono::seconds(row.integer(14)))};
}

std::optional<Member> first(Rows const& rows) {
    if (rows.empty()) return std::nullopt;
    return read_member(rows[0]);
}

std::vector<Member> all(Rows const& rows) {
    std::vector<Member> out;
    out.reserve(rows.size());
    for (auto const& row : rows) out.push_back(read_member(row));
    return out;
}

}  // namespace

bool insert_member(Transaction& tx, Member const& member) {
    return tx.execute("INSERT INTO member (id, community_id, person_id, name, organisation, category, country, language, "
                      "time_zone, role, revision, created_at, updated_at) "
                      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
                      "ON CONFLICT (community_id, person_id) DO NOTHING",
                      {member.id, member.community_id, member.person_id, member.name, member.organisation,
                       member.category, member.country, member.language, member.time_zone, member.role,
                       member.revision, member.created.time_since_epoch().count(),
                       member.updated.time_since_epoch().count()}) == 1;
}

void update_member(Transaction& tx, Member const& member) {
    tx.execute("UPDATE member SET name = $2, organisation = $3, category = $4, country = $5, language = $6, "
               "time_zone = $7, role = $8, revision = $9, updated_at = $10 WHERE id = $1",
               {member.id, member.name, member.organisation, member.category, member.country, member.language,
                member.time_zone, member.role, member.revision, member.updated.time_since_epoch().count()});
}

void delete_member(Transaction& tx, std::int64_t id) {
    tx.execute("DELETE FROM working_group_member WHERE member_id = $1", {id});
    tx.execute("DELETE FROM member WHERE id = $1", {id});
}

std::optional<Member> find_member(Transaction& tx, std::int64_t id) {
    return first(tx.query(MEMBER_SELECT "WHERE m.id = $1", {id}));
}

std::optional<Member> find_member(Transaction& tx, std::int64_t community_id, std::int64_t person_id) {
    return first(tx.query(MEMBER_SELECT "WHERE m.community_id = $1 AND m.person_id = $2", {community_id, person_id}));
}

std::vector<Member> list_members(Transaction& tx, std::int64_t community_id, std::optional<std::int64_t> after,
                                 std::size_t limit) {
    return all(tx.query(MEMBER_SELECT "WHERE m.community_id = $1 AND m.id > $2 ORDER BY m.id LIMIT $3",
                        {community_id, after.value_or(0), limit}));
}

std::int64_t count_members(Transaction& tx, std::int64_t community_id) {
    return tx.query("SELECT count(*) FROM member WHERE community_id = $1", {community_id})[0].integer(0);
}

std::vector<Member> memberships_of(Transaction& tx, std::int64_t person_id) {
    return all(tx.query(MEMBER_SELECT "WHERE m.person_id = $1 ORDER BY m.id", {person_id}));
}

}  // namespace convoke::store
