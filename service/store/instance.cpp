#include "service/store/instance.hpp"

#include "service/core/crypto.hpp"

#include <stdexcept>

namespace convoke::store {

std::optional<std::string> find_value(Transaction& tx, std::string_view name) {
    auto const rows = tx.query("SELECT value FROM instance WHERE name = $1", {name});
    if (rows.empty()) return std::nullopt;
    return rows[0].text(0);
}

std::string find_or_add_value(Transaction& tx, std::string_view name, std::string_view fresh) {
    if (auto found = find_value(tx, name)) return *found;
    tx.execute("INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", {name, fresh});
    auto found = find_value(tx, name);
    if (!found) throw std::logic_error("a value that was just added is not there");
    return *found;
}

void set_value(Transaction& tx, std::string_view name, std::string_view value) {
    tx.execute("INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", {name, value});
}

std::string instance_secret(Transaction& tx) {
    auto const secret = core::hex_decode(find_or_add_value(tx, "secret", core::hex_encode(core::random_bytes(32))));
    if (!secret || secret->size() != 32) throw std::runtime_error("the instance's secret in the database is damaged");
    return *secret;
}

}  // namespace convoke::store
