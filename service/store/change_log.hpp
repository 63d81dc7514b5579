// The audit log: who did what, when, from which request. Ids, never names or addresses. Inside a transaction only.
//
// Lines are written by the verbs, each in the transaction of its change, and chained afterwards: whoever chained inside
// the verbs would make all processes of a PostgreSQL installation wait for each other. The database itself refuses to
// change or delete a line (migration 0004).
#pragma once

#include "calendar/zone.hpp"
#include "service/store/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::store {

// Who asked, and by which request.
struct Origin {
    Origin(std::string actor_name, std::string request = {}) : actor(std::move(actor_name)), request_id(std::move(request)) {}

    std::string actor;       // domain::name_of
    std::string request_id;  // "" where no request stands behind it (commands, jobs)
};

// Writes one line and answers its id, which is the cause of the mails that the change brings about.
// `action`: "member.add", "event.publish" …; `detail`: what else is worth knowing, no personal data.
std::int64_t log_change(Transaction& tx, calendar::sys_seconds at, Origin const& origin, std::string_view action,
                        std::optional<std::int64_t> community_id, std::optional<std::int64_t> event_id,
                        std::optional<std::int64_t> person_id, std::string_view detail);

struct ChangeLine {
    std::int64_t id = 0;
    calendar::sys_seconds at;
    std::string actor, action, detail, request_id;
    std::optional<std::int64_t> community_id, event_id, person_id;
    std::optional<std::int64_t> position;  // in the chain, from 1; nullopt for the last moments' lines
    std::string hash;                      // hex, "" without position
};

// The newest first, those older than `before`.
struct ChangeFilter {
    std::optional<std::int64_t> community_id;  // its own lines and those of joint events it takes part in
    std::optional<std::int64_t> event_id;
    std::optional<std::int64_t> before;
    std::size_t limit = 50;
};
std::vector<ChangeLine> list_changes(Transaction& tx, ChangeFilter const& filter);

// --- the chain ---
bool anything_unchained(Transaction& tx);
std::int64_t count_unchained(Transaction& tx);
// In order of ids.
std::vector<ChangeLine> unchained_changes(Transaction& tx, std::size_t limit);
void chain_change(Transaction& tx, std::int64_t id, std::int64_t position, std::string_view hash);
// In order of positions, those after `position`.
std::vector<ChangeLine> chained_changes(Transaction& tx, std::int64_t position, std::size_t limit);

// Where the chain ends, also kept beside the log: a log whose end was cut off does not reach it any more.
struct ChainHead {
    std::int64_t position = 0;
    std::string hash;
};
ChainHead chain_head(Transaction& tx);
void set_chain_head(Transaction& tx, ChainHead const& head);

}  // namespace convoke::store
