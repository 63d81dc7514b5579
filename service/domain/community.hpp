// Communities, their members, working groups and programmes. Plain values.
#pragma once

#include "calendar/zone.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace convoke::domain {

using calendar::sys_seconds;

struct Community {
    std::int64_t id = 0;
    std::string slug, name, time_zone, language, contact_email;
    std::int64_t revision = 1;
    sys_seconds created, updated;
};

// A person in a community. `role`: member, chair, organiser.
struct Member {
    std::int64_t id = 0, community_id = 0, person_id = 0;
    std::string email, name, organisation, category, country, language, time_zone, role = "member";
    std::int64_t revision = 1;
    std::int64_t feed_version = 1;  // of the person's feed token
    sys_seconds created, updated;
};

struct Person {
    std::int64_t id = 0;
    std::string email, name, organisation, country, language, time_zone;
    std::int64_t feed_version = 1;
    bool provisional_in_feed = true;
    std::string feed_alarm;    // before every event in the feed: "PT15M", "PT1H", "P1D"; "" = none
    sys_seconds feed_changed;  // when the person came or last chose otherwise
};

struct WorkingGroup {
    std::int64_t id = 0, community_id = 0;
    std::string slug, name;
    std::int64_t revision = 1;
};

struct Topic {
    std::string code, title;
    friend bool operator==(Topic const&, Topic const&) = default;
};
struct Objective {
    std::string code, title;
    std::vector<Topic> topics;
    friend bool operator==(Objective const&, Objective const&) = default;
};
struct Output {
    std::string type, title, due;  // due as written: 'November/December'
    std::vector<std::string> topics;
    friend bool operator==(Output const&, Output const&) = default;
};
// A year's work programme: objectives → priority topics → events → outputs.
struct Programme {
    std::int64_t id = 0, community_id = 0;
    std::string title, period;
    std::vector<Objective> objectives;
    std::vector<Output> outputs;
    std::int64_t revision = 1;
    sys_seconds created, updated;
};

}  // namespace convoke::domain
