#include "service/store/change_log.hpp"

#include "service/core/ids.hpp"

namespace convoke::store {

std::int64_t log_change(Transaction& tx, calendar::sys_seconds at, std::string_view actor, std::string_view action,
                        std::optional<std::int64_t> community_id, std::optional<std::int64_t> event_id,
                        std::optional<std::int64_t> person_id, std::string_view detail) {
    std::int64_t const id = core::new_id();
    tx.execute("INSERT INTO change_log (id, at, actor, action, community_id, event_id, person_id, detail) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
               {id, at.time_since_epoch().count(), actor, action, community_id, event_id, person_id, detail});
    return id;
}

}  // namespace convoke::store
