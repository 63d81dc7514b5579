// What an operator asks of the database first, counted by indexes over what is open, never over what is done: a million
// sent mails cost nothing. Inside a transaction only.
#pragma once

#include "calendar/zone.hpp"
#include "service/store/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace convoke::store {

// Counting stops here; the figure then says "at least".
inline constexpr std::int64_t most_counted = 100'000;

struct OpenMails {
    std::string state, kind;
    std::int64_t count = 0;
};

struct Figures {
    std::vector<OpenMails> open_mails;  // pending and sending, deliveries included as kind "webhook"
    std::int64_t failed_mails = 0, failed_deliveries = 0;
    std::optional<calendar::sys_seconds> oldest_due;    // of the mails that are due and not sent
    std::optional<calendar::sys_seconds> oldest_lease;  // when the first lease ends that is held
    std::int64_t reminders_due = 0;                     // times that have come and are not planned yet
    std::optional<calendar::sys_seconds> next_reminder;
    std::int64_t webhooks_active = 0, webhooks_failing = 0, webhooks_paused = 0;
    std::optional<calendar::sys_seconds> oldest_delivery;  // due and not made, of receivers that are not paused
    std::int64_t unchained_lines = 0, chained_lines = 0;
};
Figures read_figures(Transaction& tx, calendar::sys_seconds now);
std::optional<calendar::sys_seconds> oldest_due_mail(Transaction& tx, calendar::sys_seconds now);

}  // namespace convoke::store
