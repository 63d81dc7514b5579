// Brings a list of members into a community: one transaction, all or nothing. Sends nothing.
#pragma once

#include "service/domain/documents/members_document.hpp"
#include "service/usecases/context.hpp"

#include <functional>
#include <string_view>

namespace convoke::usecases {

struct MembersReport {
    std::size_t added = 0, changed = 0, unchanged = 0;
};

// `progress` is told after each row how many are done; it may be told again from the start (verbs may be rerun).
// Known addresses are changed where a filled cell differs; nobody is removed. The actor must organise the community.
result<MembersReport> import_members(Transaction& tx, Context const& context, std::string_view community,
                                     domain::documents::MembersDocument const& document,
                                     std::function<void(std::size_t)> const& progress = {});

}  // namespace convoke::usecases
