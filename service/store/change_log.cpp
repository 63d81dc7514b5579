#include "service/store/change_log.hpp"

#include "service/core/ids.hpp"
#include "service/store/instance.hpp"
#include "service/store/instants.hpp"

#include <algorithm>
#include <limits>

namespace convoke::store {

namespace {

#define CHANGE_COLUMNS "id, at, actor, action, detail, request_id, community_id, event_id, person_id, position, hash"

constexpr std::string_view head_name = "audit_head";

ChangeLine read(Row const& row) {
    ChangeLine line;
    line.id = row.integer(0);
    line.at = instant_of(row.integer(1));
    line.actor = row.text(2);
    line.action = row.text(3);
    line.detail = row.text(4);
    line.request_id = row.maybe_text(5).value_or("");
    line.community_id = row.maybe_integer(6);
    line.event_id = row.maybe_integer(7);
    line.person_id = row.maybe_integer(8);
    line.position = row.maybe_integer(9);
    line.hash = row.maybe_text(10).value_or("");
    return line;
}

std::vector<ChangeLine> read_all(Rows const& rows) {
    std::vector<ChangeLine> lines;
    for (Row const& row : rows) lines.push_back(read(row));
    return lines;
}

}  // namespace

std::int64_t log_change(Transaction& tx, calendar::sys_seconds at, Origin const& origin, std::string_view action,
                        std::optional<std::int64_t> community_id, std::optional<std::int64_t> event_id,
                        std::optional<std::int64_t> person_id, std::string_view detail) {
    std::int64_t const id = core::new_id();
    auto const request = origin.request_id.empty() ? std::optional<std::string>() : std::optional(origin.request_id);
    tx.execute("INSERT INTO change_log (id, at, actor, action, community_id, event_id, person_id, detail, request_id) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
               {id, seconds_of(at), origin.actor, action, community_id, event_id, person_id, detail, request});
    return id;
}

std::vector<ChangeLine> list_changes(Transaction& tx, ChangeFilter const& filter) {
    std::int64_t const before = filter.before.value_or(std::numeric_limits<std::int64_t>::max());
    if (filter.event_id)
        return read_all(tx.query("SELECT " CHANGE_COLUMNS " FROM change_log WHERE event_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                                 {*filter.event_id, before, filter.limit}));
    if (!filter.community_id)
        return read_all(tx.query("SELECT " CHANGE_COLUMNS " FROM change_log WHERE id < $1 ORDER BY id DESC LIMIT $2", {before, filter.limit}));
    auto lines = read_all(tx.query("SELECT " CHANGE_COLUMNS " FROM change_log WHERE community_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                                   {*filter.community_id, before, filter.limit}));
    // A line names the first owner of a joint event; the others find it by the event.
    for (Row const& row : tx.query("SELECT " CHANGE_COLUMNS " FROM change_log WHERE event_id IN (SELECT event_id FROM event_community "
                                   "WHERE community_id = $1 AND position > 0) AND (community_id IS NULL OR community_id <> $1) "
                                   "AND id < $2 ORDER BY id DESC LIMIT $3",
                                   {*filter.community_id, before, filter.limit}))
        lines.push_back(read(row));
    std::sort(lines.begin(), lines.end(), [](ChangeLine const& a, ChangeLine const& b) { return a.id > b.id; });
    if (lines.size() > filter.limit) lines.resize(filter.limit);
    return lines;
}

bool anything_unchained(Transaction& tx) {
    return tx.query("SELECT EXISTS (SELECT 1 FROM change_log WHERE position IS NULL)")[0].boolean(0);
}

std::int64_t count_unchained(Transaction& tx) {
    return tx.query("SELECT count(*) FROM change_log WHERE position IS NULL")[0].integer(0);
}

std::vector<ChangeLine> unchained_changes(Transaction& tx, std::size_t limit) {
    return read_all(tx.query("SELECT " CHANGE_COLUMNS " FROM change_log WHERE position IS NULL ORDER BY id LIMIT $1", {limit}));
}

void chain_change(Transaction& tx, std::int64_t id, std::int64_t position, std::string_view hash) {
    tx.execute("UPDATE change_log SET position = $2, hash = $3 WHERE id = $1 AND position IS NULL", {id, position, hash});
}

std::vector<ChangeLine> chained_changes(Transaction& tx, std::int64_t position, std::size_t limit) {
    return read_all(tx.query("SELECT " CHANGE_COLUMNS " FROM change_log WHERE position > $1 ORDER BY position LIMIT $2", {position, limit}));
}

ChainHead chain_head(Transaction& tx) {
    ChainHead head;
    auto const value = find_value(tx, head_name);
    if (!value) return head;
    auto const colon = value->find(':');
    head.position = std::stoll(*value);
    if (colon != std::string::npos) head.hash = value->substr(colon + 1);
    return head;
}

void set_chain_head(Transaction& tx, ChainHead const& head) {
    std::string const value = std::to_string(head.position) + ":" + head.hash;
    tx.execute("INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2", {head_name, value});
}

}  // namespace convoke::store
