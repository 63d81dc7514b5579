#include "service/feeds/feed_client.hpp"

#include <string>
#include <utility>

namespace convoke::feeds {

namespace {

// What is looked for, in lower case; the first that is found decides.
constexpr std::pair<std::string_view, std::string_view> families[] = {
    {"google-calendar-importer", "Google-Calendar-Importer"},
    {"thunderbird", "Thunderbird"},
    {"outlook", "Outlook"},
    {"exchange", "Outlook"},
    {"microsoft", "Outlook"},
    {"dataaccessd", "Apple"},
    {"calendaragent", "Apple"},
    {"calaccessd", "Apple"},
    {"remindd", "Apple"},
    {"vdirsyncer", "vdirsyncer"},
    {"pimsync", "vdirsyncer"},
    {"khal", "vdirsyncer"},
    {"davx5", "DAVx5"},
    {"icsx5", "DAVx5"},
};

}  // namespace

std::string_view client_family(std::string_view user_agent) {
    std::string lower(user_agent.substr(0, 512));
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    for (auto const& [part, family] : families)
        if (lower.find(part) != std::string::npos) return family;
    return "other";
}

}  // namespace convoke::feeds
