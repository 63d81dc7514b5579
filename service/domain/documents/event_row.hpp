// What the words of a format cell say: 'Online event 1', 'Study visit, Salerno, Italy', 'On-site, joint CoP event',
// 'Social Innovation Forum'. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace convoke::domain::documents {

struct EventForm {
    std::string kind = "event";
    std::string format = "online";
    std::string place;
    bool joint = false;
    std::optional<std::string> note;  // what had to be assumed
};

// True for rows that are no events: 'Output', 'Output 2'.
bool names_output(std::string_view format);

// `title` helps with kind and joint, and with the format only where the format cell is silent (with a note). A place
// column wins over a place in the format cell. errc::invalid_value where online or on-site cannot even be assumed.
result<EventForm> read_event_form(std::string_view format, std::string_view title, std::string_view place_column);

}  // namespace convoke::domain::documents
