// What every verb that changes an event does around its own rule. Only the verbs of events call these.
#pragma once

#include "service/domain/event.hpp"
#include "service/usecases/context.hpp"

#include <optional>
#include <string_view>

namespace convoke::usecases {

Failure no_such_event();

// The event under the lock that every writer of it takes first, if the actor may manage it.
result<domain::Event> event_to_change(Transaction& tx, Context const& context, std::int64_t id);

// Nothing of it takes place any more.
bool is_over(domain::Event const& event, sys_seconds now);

// A new revision, and instants that grow with it.
void touch(Context const& context, domain::Event& event);

// The line in the audit log, which is the cause of mails, and what webhooks are told. `action`: "event.change" …
std::int64_t log_event(Transaction& tx, Context const& context, std::string_view action, domain::Event const& event,
                       std::string_view detail = {});

}  // namespace convoke::usecases
