// From the state of an event and a registration to the facts of one letter. Pure; any thread.
#pragma once

#include "notifications/outbox_port.hpp"
#include "service/usecases/outbox.hpp"

#include <string>

namespace convoke::jobs {

// How the service signs and where answers go.
struct MailIdentity {
    std::string from_address, from_name;
    std::string reply_to;  // "rsvp@events.example": ORGANIZER and Reply-To become rsvp+TOKEN@events.example
};

// What a letter of this kind says now; Superseded when it has nothing to say any more.
notifications::Rendering letter_facts(usecases::MailMaterial const& material, usecases::Instance const& instance,
                                      MailIdentity const& identity);

}  // namespace convoke::jobs
