// Which kind of program fetched a calendar, by its User-Agent. Only the family is told: versions and systems would tell
// people apart. Pure; any thread.
#pragma once

#include <string_view>

namespace convoke::feeds {

// "Google-Calendar-Importer", "Outlook", "Apple", "Thunderbird", "vdirsyncer", "DAVx5" or "other".
std::string_view client_family(std::string_view user_agent);

}  // namespace convoke::feeds
