// The events of the demonstration's programme, dated from the day of loading. Any thread; pure.
#pragma once

#include "service/domain/demo/demo_content.hpp"

namespace convoke::domain::demo {

// Three past ones (completed), then what is to come: an online event with its link in about three weeks, a meeting of the
// working group, a study visit of two days in about two months, and four provisional windows: a month, the first to the
// twelfth of one, a quarter, and two months for the joint event.
std::vector<DemoEvent> demo_events(local_days today, std::string const& community, std::string const& working_group);

// The first day of the month so many months after the one `day` is in.
local_days months_after(local_days day, int months);

// "October 2026".
std::string say_month(local_days day);

}  // namespace convoke::domain::demo
