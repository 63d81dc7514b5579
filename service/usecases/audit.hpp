// The audit log (service/store/change_log.hpp): reading it, and the chain that shows whether it was changed.
//
// Every line is chained within moments of its commit: position 1, 2, 3 …, and
//
//     hash = SHA-256( the hash before it | position | id | at | actor | action | community | event | person | detail | request )
//
// where the hash before the first is 64 zeros, each part is its length in bytes, ':' and its text, numbers are decimal,
// and what a line does not have is empty. Whoever may write to the database could chain anew: note the head that
// `convoke audit verify` prints elsewhere, and give it back with --head.
#pragma once

#include "service/store/change_log.hpp"
#include "service/usecases/context.hpp"
#include "service/usecases/page.hpp"

#include <optional>
#include <string>
#include <vector>

namespace convoke::usecases {

// What every verb gives to store::log_change.
store::Origin origin_of(Context const& context);

struct AuditQuery {
    std::optional<std::string> community;  // slug
    std::optional<std::int64_t> event_id;
    Page page;
};

// A line as people read it: names beside the ids where they are known here. Persons stay bare ids.
struct AuditLine {
    std::int64_t id = 0;  // the line's
    store::ChangeLine line;
    std::string token_name;      // of the API token that acted
    std::string community_slug;  // of line.community_id
};

// Newest first. Administrators see everything, organisers what belongs to their communities; errc::forbidden for who
// organises nothing, not_found for what is not theirs.
result<std::vector<AuditLine>> list_audit(Transaction& tx, Context const& context, AuditQuery const& query);

// Looks only.
bool anything_to_chain(Transaction& tx);
// Chains the lines that are not yet, oldest first, at most `max`; how many. One process at a time: 0 where another one
// is at it.
std::int64_t chain_audit(Transaction& tx, std::size_t max = 500);

// The hash of a line behind `before`, as described above.
std::string audit_hash(std::string const& before, std::int64_t position, store::ChangeLine const& line);

struct AuditCheck {
    std::int64_t lines = 0;    // checked, in the chain
    std::int64_t waiting = 0;  // not chained yet
    std::string head;          // hash of the last line checked
    std::string fault;         // "" when all is well, else the first thing that is wrong
    bool head_found = true;    // whether the hash looked for is one of the chain's
};
// Follows the whole chain. `known_head`: a head noted earlier that must still be part of it; "" looks for none.
AuditCheck verify_audit(Transaction& tx, std::string const& known_head);

}  // namespace convoke::usecases
