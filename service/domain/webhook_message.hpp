// What a webhook's receiver is told: the body of a delivery, JSON. Ids and states rather than personal data: who may
// know more reads it through the API. Pure.
#pragma once

#include "calendar/zone.hpp"
#include "service/domain/event.hpp"
#include "service/domain/registration.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace convoke::domain {

struct WebhookMessage {
    std::int64_t id = 0;              // the delivery's: the same however often it is tried
    std::string_view type;            // "registration.confirmed"; "ping" for a test
    calendar::sys_seconds at;
    std::string_view community;       // slug
    std::string_view base_url;
    Event const* event = nullptr;
    Registration const* registration = nullptr;
};
std::string webhook_message(WebhookMessage const& message);

}  // namespace convoke::domain
