// The demonstration community: a year's programme in the shape of a real one, dated relative to the day of loading, and
// 151 made-up people in 21 Member States. Every name, organisation and address is invented. Pure and deterministic: the
// same day gives the same content. Ids are 0; the loader gives them. Any thread.
#pragma once

#include "service/domain/community.hpp"
#include "service/domain/event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace convoke::domain::demo {

struct DemoEvent {
    EventDefinition definition;
    EventState state = EventState::published;  // published or completed
    std::string key;                           // stable, for Event::import_key: "demo/closing-forum"
};

struct DemoContent {
    Community community;  // "cop-demo"
    std::vector<Member> members;  // of `community`: exactly 151, the organiser first, then two chairs
    WorkingGroup working_group;
    std::vector<std::string> working_group_members;  // 12 addresses out of members
    Programme programme;             // 3 objectives, 6 priority topics, 2 outputs
    std::vector<DemoEvent> events;   // past ones first
};

// `today` is the date where the community is (Europe/Brussels).
DemoContent make_demo(local_days today);

}  // namespace convoke::domain::demo
