// What every verb is told besides its arguments: who asks, when, and of which instance.
// Verbs are plain synchronous functions on a store::Transaction&: one call, one transaction (the caller's
// db.write), writing the change, its line in the change log and the mail it causes together. They may be rerun by
// the store, so they must touch nothing but the transaction.
#pragma once

#include "service/domain/actor.hpp"
#include "service/domain/community.hpp"
#include "service/domain/webhook.hpp"
#include "service/store/database.hpp"

#include <functional>
#include <string>
#include <vector>

namespace convoke::usecases {

using calendar::sys_seconds;
using store::Transaction;

// Fixed for a running service; built once by the application.
struct Instance {
    std::string base_url;       // "https://events.example", no slash at the end
    std::string mail_domain;    // right-hand side of UIDs and Message-IDs
    std::string secret;         // 32 bytes; all derived tokens come from it (capability.hpp)
    std::vector<std::string> default_reminders;  // "P14D" …
    std::string link_promise;   // "P10D"
    domain::WebhookRules webhooks;
    // When the reminders of a start are due: notifications::reminders_of, handed in because verbs know no mail.
    struct ReminderTime {
        std::string lead;  // "PT1H"
        sys_seconds due;
    };
    std::function<std::vector<ReminderTime>(std::vector<std::string> const& leads, sys_seconds start,
                                            std::string const& zone)>
        reminder_times;
    // Switched off by tests alone, to see that the tests of the promises can fail.
    bool lock_seats = true, count_seats = true;
    bool keep_replies = true;
};

struct Context {
    Instance const& instance;
    sys_seconds now;
    domain::Actor actor;
    std::string request_id = {};  // for the audit log and log lines; "" without a request
};

}  // namespace convoke::usecases
