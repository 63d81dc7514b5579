#include "service/store/outbox.hpp"

#include "service/core/ids.hpp"
#include "service/store/instants.hpp"

namespace convoke::store {

namespace {

#define MAIL_COLUMNS                                                                                         \
    "o.id, o.kind, o.person_id, o.event_id, o.registration_id, o.cause, o.recipient, o.detail, o.state, o.due_at, " \
    "o.not_after, o.attempts, o.message_id, o.sequence, o.sender, o.subject, o.last_error, o.reply, o.created_at, " \
    "o.frozen_at, o.sent_at, o.subject_id"

// Used links stay so long, for a better answer to a second press (delete_expired_sign_ins).
constexpr std::chrono::hours login_links_kept{1};

OutboxMail read(Row const& row) {
    OutboxMail mail;
    mail.id = row.integer(0);
    mail.kind = row.text(1);
    mail.person_id = row.integer(2);
    mail.event_id = row.maybe_integer(3);
    mail.registration_id = row.maybe_integer(4);
    mail.cause = row.integer(5);
    mail.recipient = row.text(6);
    mail.detail = row.text(7);
    mail.state = row.text(8);
    mail.due = instant_of(row.integer(9));
    mail.not_after = maybe_instant(row, 10);
    mail.attempts = row.integer(11);
    mail.message_id = row.text(12);
    mail.sequence = row.maybe_integer(13);
    mail.sender = row.maybe_text(14).value_or("");
    mail.subject = row.maybe_text(15).value_or("");
    mail.last_error = row.maybe_text(16).value_or("");
    mail.reply = row.maybe_text(17).value_or("");
    mail.created = instant_of(row.integer(18));
    mail.frozen = maybe_instant(row, 19);
    mail.sent = maybe_instant(row, 20);
    mail.subject_id = row.maybe_integer(21);
    return mail;
}

OutboxMail read_with_bytes(Row const& row) {
    OutboxMail mail = read(row);
    if (auto const bytes = row.maybe_blob(22)) mail.bytes = bytes->bytes;
    return mail;
}

}  // namespace

std::optional<std::int64_t> insert_mail(Transaction& tx, NewMail const& mail) {
    auto const rows = tx.query(
        "INSERT INTO outbox (id, unique_key, kind, person_id, event_id, registration_id, subject_id, cause, recipient, "
        "detail, state, due_at, not_after, attempts, message_id, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', $11, $12, 0, $13, $14) "
        "ON CONFLICT (unique_key) DO NOTHING RETURNING id",
        {core::new_id(), mail.unique_key, mail.kind, mail.person_id, mail.event_id, mail.registration_id, mail.subject_id,
         mail.cause, mail.recipient, mail.detail, seconds_of(mail.due),
         seconds_of(mail.not_after), mail.message_id, seconds_of(mail.created)});
    if (rows.empty()) return std::nullopt;
    return rows[0].integer(0);
}

std::vector<OutboxMail> list_mails(Transaction& tx, OutboxFilter const& filter) {
    std::string sql = "SELECT " MAIL_COLUMNS " FROM outbox o ";
    std::vector<Param> params{filter.after_id, static_cast<std::int64_t>(filter.limit)};
    std::string where = "WHERE o.id > $1 AND o.webhook_id IS NULL ";
    auto const add = [&](std::string_view condition, Param value) {
        params.push_back(std::move(value));
        where += "AND " + std::string(condition) + " $" + std::to_string(params.size()) + " ";
    };
    if (filter.recipient) {
        sql += "JOIN person p ON p.id = o.person_id ";
        add("lower(p.email) =", *filter.recipient);
    }
    if (filter.event_id) add("o.event_id =", *filter.event_id);
    if (filter.state) add("o.state =", *filter.state);
    if (!filter.community_ids.empty()) {
        std::string list;
        for (std::int64_t id : filter.community_ids) {
            params.emplace_back(id);
            list += (list.empty() ? "$" : ", $") + std::to_string(params.size());
        }
        where += "AND o.event_id IN (SELECT event_id FROM event_community WHERE community_id IN (" + list + ")) ";
    }
    std::vector<OutboxMail> mails;
    for (Row const& row : tx.query(sql + where + "ORDER BY o.id LIMIT $2", params)) mails.push_back(read(row));
    return mails;
}

std::optional<OutboxMail> find_mail(Transaction& tx, std::int64_t id) {
    auto const rows = tx.query("SELECT " MAIL_COLUMNS ", o.bytes FROM outbox o WHERE o.id = $1 AND o.webhook_id IS NULL", {id});
    if (rows.empty()) return std::nullopt;
    return read_with_bytes(rows[0]);
}

bool has_unwritten_mail(Transaction& tx, std::int64_t person_id, std::int64_t event_id, std::string_view registration_status) {
    return !tx.query("SELECT 1 FROM outbox WHERE person_id = $1 AND event_id = $2 AND state = 'pending' AND frozen_at IS NULL "
                     "AND detail NOT LIKE 'date%' "
                     "AND (kind IN ('invitation', 'update') OR (kind = 'confirmation' AND $3 = 'confirmed'))",
                     {person_id, event_id, registration_status})
                .empty();
}

bool has_unwritten_mail_about(Transaction& tx, std::int64_t person_id, std::int64_t event_id, std::string_view kind,
                              std::string_view detail) {
    return !tx.query("SELECT 1 FROM outbox WHERE person_id = $1 AND event_id = $2 AND state = 'pending' AND frozen_at IS NULL "
                     "AND kind = $3 AND detail = $4",
                     {person_id, event_id, kind, detail})
                .empty();
}

void ask_again_in_unwritten_update(Transaction& tx, std::int64_t person_id, std::int64_t event_id) {
    tx.execute("UPDATE outbox SET detail = 'time' WHERE person_id = $1 AND event_id = $2 AND state = 'pending' "
               "AND frozen_at IS NULL AND kind = 'update' AND detail NOT LIKE 'date%'",
               {person_id, event_id});
}

bool has_mail_in_hand(Transaction& tx, std::int64_t person_id, std::int64_t event_id) {
    return !tx.query("SELECT 1 FROM outbox WHERE person_id = $1 AND event_id = $2 AND (state = 'sending' OR (state = 'pending' "
                     "AND frozen_at IS NOT NULL)) AND kind IN ('invitation', 'update', 'confirmation')",
                     {person_id, event_id})
                .empty();
}

std::int64_t supersede_unwritten(Transaction& tx, std::int64_t person_id, std::int64_t event_id, std::string_view reason) {
    return tx.execute("UPDATE outbox SET state = 'superseded', last_error = $3 WHERE person_id = $1 AND event_id = $2 "
                      "AND state = 'pending' AND frozen_at IS NULL",
                      {person_id, event_id, reason});
}

std::optional<std::string> first_message_id(Transaction& tx, std::int64_t person_id, std::int64_t event_id) {
    auto const rows = tx.query("SELECT message_id FROM outbox WHERE person_id = $1 AND event_id = $2 AND frozen_at IS NOT NULL "
                               "AND kind IN ('invitation', 'update', 'confirmation') ORDER BY id LIMIT 1",
                               {person_id, event_id});
    if (rows.empty()) return std::nullopt;
    return rows[0].text(0);
}

std::vector<OutboxMail> claim(Transaction& tx, sys_seconds now, sys_seconds lease_until, std::string const& owner, std::size_t max) {
    // What came too late to be of use ends here.
    tx.execute("UPDATE outbox SET state = 'superseded', last_error = 'its time had passed' WHERE id IN (SELECT id FROM outbox "
               "WHERE state = 'pending' AND webhook_id IS NULL AND due_at <= $1 AND not_after IS NOT NULL AND not_after <= $1 LIMIT 500)",
               {seconds_of(now)});
    // Leases that ended belonged to a dispatcher that died; its attempt does not count.
    tx.execute("UPDATE outbox SET state = 'pending', lease_owner = NULL, lease_until = NULL WHERE id IN (SELECT id FROM outbox "
               "WHERE state = 'sending' AND lease_until <= $1)",
               {seconds_of(now)});
    // Of one person and event only the earliest open mail is free to go: order is kept (design §4.3).
    std::vector<std::int64_t> ids;
    for (Row const& row : tx.query(
             "SELECT o.id FROM outbox o WHERE o.state = 'pending' AND o.webhook_id IS NULL AND o.due_at <= $1 AND NOT EXISTS (SELECT 1 FROM outbox e "
             "WHERE e.person_id = o.person_id AND e.event_id = o.event_id AND e.id < o.id AND e.state IN ('pending', 'sending')) "
             "ORDER BY o.due_at, o.id LIMIT $2" +
                 std::string(skip_locked(tx)),
             {seconds_of(now), max}))
        ids.push_back(row.integer(0));
    std::vector<OutboxMail> mails;
    for (std::int64_t id : ids) {
        if (tx.execute("UPDATE outbox SET state = 'sending', lease_owner = $2, lease_until = $3 WHERE id = $1 AND state = 'pending'",
                       {id, owner, seconds_of(lease_until)}) == 1)
            mails.push_back(*find_mail(tx, id));
    }
    return mails;
}

bool freeze(Transaction& tx, std::int64_t id, std::string const& owner, std::optional<std::int64_t> sequence,
            std::string const& sender, std::string const& subject, std::string const& bytes, sys_seconds now) {
    return tx.execute("UPDATE outbox SET sequence = $3, sender = $4, subject = $5, bytes = $6, frozen_at = $7 "
                      "WHERE id = $1 AND lease_owner = $2 AND state = 'sending' AND frozen_at IS NULL",
                      {id, owner, sequence, sender, subject, Blob{bytes}, seconds_of(now)}) == 1;
}

bool settle_sent(Transaction& tx, std::int64_t id, std::string const& reply, sys_seconds now) {
    // Whoever holds the lease: the mail server has it.
    return tx.execute("UPDATE outbox SET state = 'sent', attempts = attempts + 1, reply = $2, sent_at = $3, last_error = NULL, "
                      "lease_owner = NULL, lease_until = NULL WHERE id = $1 AND state <> 'sent'",
                      {id, reply, seconds_of(now)}) == 1;
}

bool settle_waiting(Transaction& tx, std::int64_t id, std::string const& owner, std::string const& reason, bool count_attempt,
                    sys_seconds due) {
    return tx.execute("UPDATE outbox SET state = 'pending', attempts = attempts + $4, due_at = $5, "
                      "last_error = CASE WHEN $3 = '' THEN last_error ELSE $3 END, lease_owner = NULL, lease_until = NULL "
                      "WHERE id = $1 AND state = 'sending' AND lease_owner = $2",
                      {id, owner, reason, count_attempt, seconds_of(due)}) == 1;
}

bool settle_ended(Transaction& tx, std::int64_t id, std::string_view state, std::string const& reason) {
    return tx.execute("UPDATE outbox SET state = $2, last_error = $3, attempts = attempts + CASE WHEN $2 = 'failed' THEN 1 ELSE 0 END, "
                      "lease_owner = NULL, lease_until = NULL WHERE id = $1 AND state IN ('pending', 'sending')",
                      {id, state, reason}) == 1;
}

std::vector<std::int64_t> renew(Transaction& tx, std::string const& owner, std::vector<std::int64_t> const& ids, sys_seconds until) {
    std::vector<std::int64_t> ours;
    for (std::int64_t id : ids)
        if (tx.execute("UPDATE outbox SET lease_until = $3 WHERE id = $1 AND lease_owner = $2 AND state = 'sending'",
                       {id, owner, seconds_of(until)}) == 1)
            ours.push_back(id);
    return ours;
}

void reclaim_all(Transaction& tx) {
    tx.execute("UPDATE outbox SET state = 'pending', lease_owner = NULL, lease_until = NULL WHERE state = 'sending'");
}

std::int64_t fail_caused_by(Transaction& tx, OutboxMail const& whole, std::string const& reason) {
    return tx.execute("UPDATE outbox SET state = 'failed', last_error = $4 WHERE person_id = $1 AND event_id = $2 AND cause = $3 "
                      "AND state = 'pending' AND detail LIKE 'date%'",
                      {whole.person_id, whole.event_id, whole.id, reason});
}

std::int64_t reopen_caused_by(Transaction& tx, OutboxMail const& whole, sys_seconds now) {
    return tx.execute("UPDATE outbox SET state = 'pending', due_at = $4, created_at = $4 WHERE person_id = $1 AND event_id = $2 "
                      "AND cause = $3 AND state = 'failed' AND detail LIKE 'date%'",
                      {whole.person_id, whole.event_id, whole.id, seconds_of(now)});
}

bool reopen(Transaction& tx, std::int64_t id, sys_seconds now) {
    // What it caused itself does not count as later: that waits for it. Nor does the part go without its whole.
    return tx.execute("UPDATE outbox SET state = 'pending', due_at = $2, created_at = $2 WHERE id = $1 AND state = 'failed' "
                      "AND (not_after IS NULL OR not_after > $2) AND NOT EXISTS (SELECT 1 FROM outbox n WHERE "
                      "n.person_id = outbox.person_id AND n.event_id = outbox.event_id AND n.id > $1 AND n.frozen_at IS NOT NULL "
                      "AND n.cause <> $1) AND NOT EXISTS (SELECT 1 FROM outbox w WHERE w.person_id = outbox.person_id "
                      "AND w.event_id = outbox.event_id AND w.id = outbox.cause AND w.state = 'failed')",
                      {id, seconds_of(now)}) == 1;
}

bool anything_to_claim(Transaction& tx, sys_seconds now) {
    return tx.query("SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'pending' AND webhook_id IS NULL AND due_at <= $1) "
                    "OR EXISTS (SELECT 1 FROM outbox WHERE state = 'sending' AND lease_until <= $1)",
                    {seconds_of(now)})[0]
        .boolean(0);
}

bool anything_due_by_the_clock(Transaction& tx, sys_seconds now) {
    return tx.query("SELECT EXISTS (SELECT 1 FROM event_reminder WHERE planned_at IS NULL AND due_at <= $1) "
                    "OR EXISTS (SELECT 1 FROM registration WHERE expires_at IS NOT NULL AND expires_at <= $1) "
                    "OR EXISTS (SELECT 1 FROM event WHERE state = 'published' AND ends_at <= $1) "
                    "OR EXISTS (SELECT 1 FROM session WHERE expires_at <= $1) "
                    "OR EXISTS (SELECT 1 FROM login_link WHERE expires_at < $2)",
                    {seconds_of(now), seconds_of(now - login_links_kept)})[0]
        .boolean(0);
}

std::vector<MailCount> count_by_state(Transaction& tx, std::int64_t event_id) {
    std::vector<MailCount> counts;
    for (Row const& row : tx.query("SELECT state, count(*) FROM outbox WHERE event_id = $1 AND webhook_id IS NULL GROUP BY state", {event_id}))
        counts.push_back({row.text(0), row.integer(1)});
    return counts;
}

void write_reminder_times(Transaction& tx, std::int64_t event_id, std::vector<ReminderTime> const& times) {
    tx.execute("DELETE FROM event_reminder WHERE event_id = $1 AND planned_at IS NULL", {event_id});
    for (ReminderTime const& time : times)
        tx.execute("INSERT INTO event_reminder (event_id, occurrence, lead, start_at, due_at) VALUES ($1, $2, $3, $4, $5) "
                   "ON CONFLICT (event_id, occurrence, lead, start_at) DO NOTHING",
                   {event_id, seconds_of(time.occurrence), time.lead, seconds_of(time.start), seconds_of(time.due)});
}

namespace {
std::vector<ReminderTime> read_times(Rows const& rows) {
    std::vector<ReminderTime> times;
    for (Row const& row : rows)
        times.push_back({row.integer(0), instant_of(row.integer(1)), row.text(2), instant_of(row.integer(3)), instant_of(row.integer(4)), row.boolean(5)});
    return times;
}
}  // namespace

std::vector<ReminderTime> reminder_times_due(Transaction& tx, sys_seconds now, std::size_t limit) {
    return read_times(tx.query("SELECT event_id, occurrence, lead, start_at, due_at, EXISTS (SELECT 1 FROM event_reminder l WHERE "
                               "l.event_id = t.event_id AND l.occurrence = t.occurrence AND l.due_at > t.due_at AND l.due_at <= $1) "
                               "FROM event_reminder t WHERE planned_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT $2",
                               {seconds_of(now), limit}));
}

std::vector<ReminderTime> reminder_times_of(Transaction& tx, std::int64_t event_id) {
    return read_times(tx.query("SELECT event_id, occurrence, lead, start_at, due_at, 0 FROM event_reminder "
                               "WHERE event_id = $1 AND planned_at IS NULL ORDER BY due_at",
                               {event_id}));
}

void mark_planned(Transaction& tx, ReminderTime const& time, sys_seconds now) {
    tx.execute("UPDATE event_reminder SET planned_at = $5 WHERE event_id = $1 AND occurrence = $2 AND lead = $3 AND start_at = $4",
               {time.event_id, seconds_of(time.occurrence), time.lead, seconds_of(time.start), seconds_of(now)});
}

std::vector<Remindable> people_to_remind(Transaction& tx, ReminderTime const& time) {
    // Who confirmed after the reminder was due has just been told everything by the confirmation.
    std::vector<Remindable> people;
    for (Row const& row : tx.query("SELECT r.person_id, r.id, p.email FROM registration r JOIN person p ON p.id = r.person_id "
                                   "WHERE r.event_id = $1 AND r.status = 'confirmed' AND r.confirmed_at <= $2 ORDER BY r.id",
                                   {time.event_id, seconds_of(time.due)}))
        people.push_back({row.integer(0), row.integer(1), row.text(2)});
    return people;
}

}  // namespace convoke::store
