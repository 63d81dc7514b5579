// Statements on the outbox and on the reminder times of events. Inside a transaction only; no rules here.
#pragma once

#include "service/domain/mail.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <vector>

namespace convoke::store {

using calendar::sys_seconds;
using domain::OutboxMail;

// A mail to be caused. `unique_key` is (recipient, kind, cause) or, for reminders, (recipient, event, occurrence,
// lead, start): whatever is asked for twice is one mail.
struct NewMail {
    std::string unique_key, kind;
    std::int64_t person_id = 0;
    std::optional<std::int64_t> event_id, registration_id, subject_id;
    std::int64_t cause = 0;
    std::string recipient, detail, message_id;
    sys_seconds due, created;
    std::optional<sys_seconds> not_after;
};
// The new row's id, nullopt when the key is there already.
std::optional<std::int64_t> insert_mail(Transaction& tx, NewMail const& mail);

struct OutboxFilter {
    std::optional<std::int64_t> event_id;
    std::optional<std::string> recipient, state;
    std::vector<std::int64_t> community_ids;  // mails about their events; empty: all
    std::int64_t after_id = 0;
    std::size_t limit = 50;
};
std::vector<OutboxMail> list_mails(Transaction& tx, OutboxFilter const& filter);  // without bytes
std::optional<OutboxMail> find_mail(Transaction& tx, std::int64_t id);            // with bytes

// A pending, never frozen mail of this person about this event that will say what is true when it goes out. A
// confirmation counts only for somebody confirmed: it will not go out to others.
bool has_unwritten_mail(Transaction& tx, std::int64_t person_id, std::int64_t event_id, std::string_view registration_status);
// One that speaks of exactly this (a date of a series).
bool has_unwritten_mail_about(Transaction& tx, std::int64_t person_id, std::int64_t event_id, std::string_view kind,
                              std::string_view detail);
// A pending, never frozen update that told of a place now tells of a time as well, and asks again.
void ask_again_in_unwritten_update(Transaction& tx, std::int64_t person_id, std::int64_t event_id);
// A mail of theirs is being written or sent at this moment: they will hold an entry.
bool has_mail_in_hand(Transaction& tx, std::int64_t person_id, std::int64_t event_id);
// Pending, never frozen ones become superseded; how many.
std::int64_t supersede_unwritten(Transaction& tx, std::int64_t person_id, std::int64_t event_id, std::string_view reason);
// Message-ID of the first mail with a calendar entry of this event to this person.
std::optional<std::string> first_message_id(Transaction& tx, std::int64_t person_id, std::int64_t event_id);

std::vector<OutboxMail> claim(Transaction& tx, sys_seconds now, sys_seconds lease_until, std::string const& owner, std::size_t max);
bool freeze(Transaction& tx, std::int64_t id, std::string const& owner, std::optional<std::int64_t> sequence,
            std::string const& sender, std::string const& subject, std::string const& bytes, sys_seconds now);
// A final or waiting state. Returns false when the row was not open any more.
bool settle_sent(Transaction& tx, std::int64_t id, std::string const& reply, sys_seconds now);
bool settle_waiting(Transaction& tx, std::int64_t id, std::string const& owner, std::string const& reason, bool count_attempt,
                    sys_seconds due);
bool settle_ended(Transaction& tx, std::int64_t id, std::string_view state, std::string const& reason);
std::vector<std::int64_t> renew(Transaction& tx, std::string const& owner, std::vector<std::int64_t> const& ids, sys_seconds until);
void reclaim_all(Transaction& tx);
// The mails of single dates that the writing of a series' mail `whole` caused, and that have not been tried: they fail with
// it and are opened again with it. How many.
std::int64_t fail_caused_by(Transaction& tx, OutboxMail const& whole, std::string const& reason);
std::int64_t reopen_caused_by(Transaction& tx, OutboxMail const& whole, sys_seconds now);
// A failed mail is pending again; false when it is not failed, its time has passed, the mail that caused it has failed, or a
// later one of this person and event, not caused by it, has gone out already.
bool reopen(Transaction& tx, std::int64_t id, sys_seconds now);
// Cheap looks, for loops that would otherwise write every second.
bool anything_to_claim(Transaction& tx, sys_seconds now);
bool anything_due_by_the_clock(Transaction& tx, sys_seconds now);

struct MailCount {
    std::string state;
    std::int64_t count = 0;
};
std::vector<MailCount> count_by_state(Transaction& tx, std::int64_t event_id);

// --- reminder times ---
struct ReminderTime {
    std::int64_t event_id = 0;
    sys_seconds occurrence;  // original start of the occurrence
    std::string lead;        // "PT1H"
    sys_seconds start, due;
    bool later_one_due = false;  // read only: a later time of the same occurrence is due as well
};
// Replaces the times of an event that are not planned yet; what was planned stays as memory.
void write_reminder_times(Transaction& tx, std::int64_t event_id, std::vector<ReminderTime> const& times);
// Due, not planned, oldest first.
std::vector<ReminderTime> reminder_times_due(Transaction& tx, sys_seconds now, std::size_t limit);
// Not planned yet, earliest first.
std::vector<ReminderTime> reminder_times_of(Transaction& tx, std::int64_t event_id);
void mark_planned(Transaction& tx, ReminderTime const& time, sys_seconds now);

// People confirmed when the reminder became due. The outbox's unique key makes it a set difference.
struct Remindable {
    std::int64_t person_id = 0, registration_id = 0;
    std::string email;
};
std::vector<Remindable> people_to_remind(Transaction& tx, ReminderTime const& time);

}  // namespace convoke::store
