// Instants as the database keeps them: seconds since 1970 UTC.
#pragma once

#include "calendar/zone.hpp"
#include "service/store/transaction.hpp"

#include <cstdint>
#include <optional>

namespace convoke::store {

inline std::int64_t seconds_of(calendar::sys_seconds instant) { return instant.time_since_epoch().count(); }

inline std::optional<std::int64_t> seconds_of(std::optional<calendar::sys_seconds> const& instant) {
    if (!instant) return std::nullopt;
    return seconds_of(*instant);
}

inline calendar::sys_seconds instant_of(std::int64_t value) { return calendar::sys_seconds(std::chrono::seconds(value)); }

inline std::optional<calendar::sys_seconds> maybe_instant(Row const& row, int column) {
    auto const value = row.maybe_integer(column);
    if (!value) return std::nullopt;
    return instant_of(*value);
}

}  // namespace convoke::store
