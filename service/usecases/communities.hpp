// The verbs and queries around communities. See context.hpp for the rules of verbs.
#pragma once

#include "service/domain/community.hpp"
#include "service/usecases/context.hpp"
#include "service/usecases/page.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace convoke::usecases {

using domain::Community;

// Administrators only. Takes the fields of domain::decode_community. errc: forbidden, already_exists (slug).
result<Community> create_community(Transaction& tx, Context const& context, Community const& wanted);

// `wanted`: whole, after the merge; the slug stays. `expected_revision`: If-Match.
// errc: not_found, changed_meanwhile (arguments["currentEtag"]), invalid_value for another slug.
result<Community> change_community(Transaction& tx, Context const& context, std::string_view slug,
                                   std::optional<std::int64_t> expected_revision, Community const& wanted);

// What everybody may see: that there is such a community. errc::not_found.
result<Community> find_community(Transaction& tx, std::string_view slug);
result<Community> find_community(Transaction& tx, std::int64_t id);

// For its organisers; everybody else gets errc::not_found.
result<Community> find_organised_community(Transaction& tx, Context const& context, std::string_view slug);

// Those the actor organises (all of them for an administrator), in order of ids.
std::vector<Community> list_organised_communities(Transaction& tx, Context const& context, Page const& page);
// All of them, for the public front page.
std::vector<Community> list_communities(Transaction& tx, Page const& page);

}  // namespace convoke::usecases
