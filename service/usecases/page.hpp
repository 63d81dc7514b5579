// A part of a long list: everything whose id is greater than the last one seen, in order of ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace convoke::usecases {

struct Page {
    std::size_t limit = 50;
    std::optional<std::int64_t> after;  // the id of the last one seen
};

}  // namespace convoke::usecases
