// Statements on communities. Inside a transaction only; no rules here.
#pragma once

#include "service/domain/community.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace convoke::store {

using domain::Community;

// False when the slug is taken.
bool insert_community(Transaction& tx, Community const& community);
// Everything but id, slug and created.
void update_community(Transaction& tx, Community const& community);

std::optional<Community> find_community(Transaction& tx, std::int64_t id);
std::optional<Community> find_community(Transaction& tx, std::string_view slug);

// In order of ids, those after `after`.
std::vector<Community> list_communities(Transaction& tx, std::optional<std::int64_t> after, std::size_t limit);
// The existing ones of these, in order of ids.
std::vector<Community> communities_by_id(Transaction& tx, std::span<std::int64_t const> ids);

}  // namespace convoke::store
