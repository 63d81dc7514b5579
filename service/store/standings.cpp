#include "service/store/standings.hpp"

#include "service/store/instants.hpp"

namespace convoke::store {

std::unordered_map<std::int64_t, Standing> standings_of_person(Transaction& tx, std::int64_t person_id) {
    std::unordered_map<std::int64_t, Standing> all;
    Rows const rows = tx.query("SELECT event_id, status, mode, shown_at FROM registration WHERE person_id = $1", {person_id});
    all.reserve(rows.size());
    for (Row const& row : rows)
        all.emplace(row.integer(0), Standing{domain::registration_status(row.text(1)), row.text(2), instant_of(row.integer(3))});
    return all;
}

}  // namespace convoke::store
