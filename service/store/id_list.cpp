#include "service/store/id_list.hpp"

#include <algorithm>

namespace convoke::store {

void for_ids(Transaction& tx, std::string_view before, std::span<std::int64_t const> ids, std::string_view after,
             std::function<void(Row const&)> const& each) {
    while (!ids.empty()) {
        std::size_t const take = std::min<std::size_t>(ids.size(), 128);
        std::size_t const length = take <= 1 ? 1 : take <= 16 ? 16 : 128;
        std::string sql(before);
        std::vector<Param> params;
        for (std::size_t i = 0; i < length; ++i) {
            sql += (i == 0 ? "($" : ",$") + std::to_string(i + 1);
            params.emplace_back(ids[std::min(i, take - 1)]);
        }
        sql += ")";
        sql += after;
        for (Row const& row : tx.query(sql, params)) each(row);
        ids = ids.subspan(take);
    }
}

}  // namespace convoke::store
