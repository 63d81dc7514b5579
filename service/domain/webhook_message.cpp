#include "service/domain/webhook_message.hpp"

#include "service/core/ids.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace convoke::domain {

std::string webhook_message(WebhookMessage const& message) {
    boost::json::object json{{"id", core::format_id(message.id)},
                             {"type", message.type},
                             {"at", calendar::format_instant(message.at)},
                             {"community", message.community}};
    if (message.event) {
        std::string const id = core::format_id(message.event->id);
        json["event"] = boost::json::object{{"id", id},
                                            {"title", message.event->definition.title},
                                            {"state", name_of(message.event->state)},
                                            {"url", std::string(message.base_url) + "/e/" + id}};
    }
    if (message.registration) {
        json["registration"] = boost::json::object{{"id", core::format_id(message.registration->id)},
                                                   {"status", name_of(message.registration->status)},
                                                   {"mode", message.registration->mode}};
    }
    return boost::json::serialize(json);
}

}  // namespace convoke::domain
