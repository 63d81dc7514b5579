#include "service/store/integrity.hpp"

namespace convoke::store {

std::vector<std::string> find_damage(Transaction& tx) {
    std::vector<std::string> damage;
    if (tx.dialect() != Dialect::sqlite) return damage;
    for (auto const& row : tx.query("PRAGMA quick_check(20)"))
        if (row.text(0) != "ok") damage.push_back(row.text(0));
    return damage;
}

}  // namespace convoke::store
