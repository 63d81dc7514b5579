// Statements on working groups and who is in them. Inside a transaction only; no rules here.
#pragma once

#include "service/domain/community.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::store {

using domain::WorkingGroup;

// False when the community has a group with this slug.
bool insert_group(Transaction& tx, WorkingGroup const& group, calendar::sys_seconds now);
// Name and revision.
void update_group(Transaction& tx, WorkingGroup const& group);

std::optional<WorkingGroup> find_group(Transaction& tx, std::int64_t id);
std::optional<WorkingGroup> find_group(Transaction& tx, std::int64_t community_id, std::string_view slug);
// In order of ids, those after `after`.
std::vector<WorkingGroup> list_groups(Transaction& tx, std::int64_t community_id, std::optional<std::int64_t> after,
                                      std::size_t limit);

// False when nothing changed.
bool put_group_member(Transaction& tx, std::int64_t group_id, std::int64_t member_id);
bool delete_group_member(Transaction& tx, std::int64_t group_id, std::int64_t member_id);

std::vector<domain::Member> list_group_members(Transaction& tx, std::int64_t group_id, std::optional<std::int64_t> after,
                                               std::size_t limit);
// The groups a member is in.
std::vector<std::string> group_slugs_of_member(Transaction& tx, std::int64_t member_id);

}  // namespace convoke::store
