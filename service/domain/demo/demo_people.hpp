// The made-up people of the demonstration, by country. Any thread; pure.
#pragma once

#include "service/domain/community.hpp"

#include <vector>

namespace convoke::domain::demo {

// Exactly 150 in 21 Member States, without the organiser; addresses are unique, under members.convoke.example. The first
// two are chairs, all others members.
std::vector<Member> demo_people();

}  // namespace convoke::domain::demo
