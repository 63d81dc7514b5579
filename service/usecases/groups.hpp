// The verbs and queries around working groups: some members of one community. See context.hpp for the rules of verbs.
// Only organisers of the community may; others get errc::not_found.
#pragma once

#include "service/domain/community.hpp"
#include "service/usecases/context.hpp"
#include "service/usecases/page.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace convoke::usecases {

using domain::WorkingGroup;

// errc::already_exists when the community has a group with this slug.
result<WorkingGroup> create_group(Transaction& tx, Context const& context, std::string_view community,
                                  WorkingGroup const& wanted);
// The name; the slug stays. errc: changed_meanwhile, invalid_value.
result<WorkingGroup> change_group(Transaction& tx, Context const& context, std::string_view community,
                                  std::string_view group, std::optional<std::int64_t> expected_revision,
                                  WorkingGroup const& wanted);

result<WorkingGroup> find_group(Transaction& tx, Context const& context, std::string_view community,
                                std::string_view group);
result<std::vector<WorkingGroup>> list_groups(Transaction& tx, Context const& context, std::string_view community,
                                              Page const& page);

// Doing it again changes nothing. errc::not_found for a member of another community.
result<void> put_group_member(Transaction& tx, Context const& context, std::string_view community,
                              std::string_view group, std::int64_t member_id);
result<void> remove_group_member(Transaction& tx, Context const& context, std::string_view community,
                                 std::string_view group, std::int64_t member_id);
result<std::vector<domain::Member>> list_group_members(Transaction& tx, Context const& context,
                                                       std::string_view community, std::string_view group,
                                                       Page const& page);

}  // namespace convoke::usecases
