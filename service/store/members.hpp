// Statements on memberships: a person in a community. Inside a transaction only; no rules here.
// A Member carries the person's address and feed version beside the membership's own columns.
#pragma once

#include "service/domain/community.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <vector>

namespace convoke::store {

using domain::Member;

// False when the person is a member already.
bool insert_member(Transaction& tx, Member const& member);
// Everything but id, community, person and created.
void update_member(Transaction& tx, Member const& member);
// With the places in working groups.
void delete_member(Transaction& tx, std::int64_t id);

std::optional<Member> find_member(Transaction& tx, std::int64_t id);
std::optional<Member> find_member(Transaction& tx, std::int64_t community_id, std::int64_t person_id);

// In order of ids, those after `after`.
std::vector<Member> list_members(Transaction& tx, std::int64_t community_id, std::optional<std::int64_t> after,
                                 std::size_t limit);
std::int64_t count_members(Transaction& tx, std::int64_t community_id);
std::vector<Member> memberships_of(Transaction& tx, std::int64_t person_id);

}  // namespace convoke::store
