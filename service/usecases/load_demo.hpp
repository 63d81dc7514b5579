// Loads the demonstration community. Running it again changes nothing.
#pragma once

#include "service/domain/demo/demo_content.hpp"
#include "service/usecases/context.hpp"

#include <functional>

namespace convoke::usecases {

struct DemoReport {
    bool loaded = false;  // false: it was there
    std::size_t members = 0, events = 0;
    std::int64_t member_person = 0, member_feed_version = 0;  // somebody whose feed is worth showing, in Ireland
};
// `progress` is told how many of the members and events are there; it may be told again from the start.
result<DemoReport> load_demo(Transaction& tx, Context const& context, domain::demo::DemoContent const& content,
                             std::function<void(std::size_t)> const& progress = {});

}  // namespace convoke::usecases
