// A webhook: an address of somebody else's program that is told about changes of one community's events and
// registrations. Pure.
#pragma once

#include "calendar/failure.hpp"
#include "calendar/zone.hpp"
#include "service/domain/registration.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::domain {

struct Webhook {
    std::int64_t id = 0, community_id = 0;
    std::string url;
    std::vector<std::string> events;  // names of webhook_events(), or "*" alone
    std::string secret;               // as stored: sealed
    bool paused = false;              // nothing is sent, nothing is kept for later
    std::string reason;               // why it fails or was paused, "" otherwise
    std::optional<calendar::sys_seconds> failing_since;
    std::int64_t revision = 1;
    calendar::sys_seconds created, updated;
};

// Everything that can be told: "event.published", "registration.confirmed" …
std::span<std::string_view const> webhook_events();
// What a registration's change to this status is called: "registration.confirmed"; "" for what is not told.
std::string_view webhook_event(RegistrationStatus status);
bool wants(Webhook const& hook, std::string_view event);

// What an installation allows; a plain value made from the settings.
struct WebhookRules {
    bool allow_private = false;            // receivers in private networks and on this machine
    std::vector<std::string> ports{"443"};
};

struct WebhookTarget {
    std::string host;    // a name or an IP address without brackets
    std::string port;
    std::string target;  // path and query, as the request line has it
};
// The parts of an https URL without user, password and fragment (RFC 3986, 9110 §4.2.2). errc::invalid_value says what
// is wrong: also for addresses and names that can only mean this machine or a private network, unless allowed. What a
// name stands for is seen only when it is looked up, at each delivery.
result<WebhookTarget> parse_webhook_url(std::string_view url, WebhookRules const& rules);

// What an organiser writes, all faults at once. `secret` and `paused` are absent where nothing was said.
struct WebhookRequest {
    std::string url;
    std::vector<std::string> events;
    std::optional<std::string> secret;
    bool paused = false;
};
result<WebhookRequest> decode_webhook(boost::json::object const& json, WebhookRules const& rules);
// What decode_webhook reads, without the secret: the base of a merge-patch.
boost::json::object encode_webhook(Webhook const& hook);
boost::json::object webhook_to_json(Webhook const& hook);

}  // namespace convoke::domain
