// The audit log: who did what, when. Ids, never names or addresses.
#pragma once

#include "calendar/zone.hpp"
#include "service/store/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace convoke::store {

// Writes one line and answers its id, which is the cause of the mails that the change brings about.
// `actor`: domain::name_of; `action`: "member.add", "event.publish" …; `detail`: what else is worth knowing, no
// personal data.
std::int64_t log_change(Transaction& tx, calendar::sys_seconds at, std::string_view actor, std::string_view action,
                        std::optional<std::int64_t> community_id, std::optional<std::int64_t> event_id,
                        std::optional<std::int64_t> person_id, std::string_view detail);

}  // namespace convoke::store
