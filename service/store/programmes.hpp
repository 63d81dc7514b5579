// Statements on programmes with their objectives, priority topics and outputs. Inside a transaction only; no rules.
#pragma once

#include "service/domain/community.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <vector>

namespace convoke::store {

using domain::Programme;

void insert_programme(Transaction& tx, Programme const& programme);
// Everything but id, community and created; objectives, topics and outputs are written anew.
void update_programme(Transaction& tx, Programme const& programme);
void delete_programme(Transaction& tx, std::int64_t id);

std::optional<Programme> find_programme(Transaction& tx, std::int64_t id);
// The codes of the topics of all its programmes, each once, in no order.
std::vector<std::string> topic_codes(Transaction& tx, std::int64_t community_id);
// In order of ids, those after `after`.
std::vector<Programme> list_programmes(Transaction& tx, std::int64_t community_id, std::optional<std::int64_t> after,
                                       std::size_t limit);

}  // namespace convoke::store
