// From the fields of the form that fixes a date to the event as it will be. Pure; any thread.
#pragma once

#include "service/domain/event.hpp"
#include "service/web/views/form.hpp"
#include "service/web/views/phrases.hpp"

#include <map>
#include <optional>
#include <string>

namespace convoke::web {

struct FixedDate {
    domain::EventDefinition definition;
    std::optional<std::int64_t> revision;  // of the event as the form showed it
    std::optional<std::optional<calendar::local_days>> link_due;
};

// `entered`: date, time, zone, duration ("2:30"), link, link_due, revision. nullopt: `errors` says what is wrong, all at
// once; a start that does not exist or exists twice names both readings.
std::optional<FixedDate> fix_date(Phrases const& say, domain::EventDefinition const& before,
                                  std::map<std::string, std::string> const& entered, FormErrors& errors);

}  // namespace convoke::web
