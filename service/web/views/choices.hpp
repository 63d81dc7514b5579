// What selects offer: countries, time zones, languages. Pure; any thread.
#pragma once

#include "service/web/views/form.hpp"
#include "service/web/views/phrases.hpp"

namespace convoke::web {

Options country_choices(Phrases const& say);  // the first is empty: not said
// The zones of the countries we know, as "Dublin (Europe/Dublin)"; `current` is among them whatever it is.
Options zone_choices(std::string const& current);
Options language_choices(Phrases const& say);  // those we speak

}  // namespace convoke::web
