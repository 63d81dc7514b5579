// The verbs and queries around programmes. See context.hpp for the rules of verbs.
// Only organisers of the community may change; what is planned may be read by everybody.
#pragma once

#include "service/domain/community.hpp"
#include "service/usecases/context.hpp"
#include "service/usecases/page.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace convoke::usecases {

using domain::Programme;

// errc::not_found for a community the actor does not organise.
result<Programme> create_programme(Transaction& tx, Context const& context, std::string_view community,
                                   Programme const& wanted);

// For imports: the community's programme with this title and period is changed where it differs, else a new one made.
struct PutProgramme {
    Programme programme;
    enum class Outcome { added, changed, unchanged } outcome = Outcome::added;
};
result<PutProgramme> put_programme(Transaction& tx, Context const& context, std::string_view community,
                                   Programme const& wanted);

// `wanted`: whole, after the merge. errc: not_found, changed_meanwhile.
result<Programme> change_programme(Transaction& tx, Context const& context, std::string_view community, std::int64_t id,
                                   std::optional<std::int64_t> expected_revision, Programme const& wanted);
result<void> remove_programme(Transaction& tx, Context const& context, std::string_view community, std::int64_t id,
                              std::optional<std::int64_t> expected_revision = {});

result<Programme> find_programme(Transaction& tx, std::string_view community, std::int64_t id);
result<std::vector<Programme>> list_programmes(Transaction& tx, std::string_view community, Page const& page);

}  // namespace convoke::usecases
