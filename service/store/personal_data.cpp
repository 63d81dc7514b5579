#include "service/store/personal_data.hpp"

namespace convoke::store {

std::vector<PersonalMail> mails_of_person(Transaction& tx, std::int64_t person_id) {
    std::vector<PersonalMail> out;
    for (auto const& row : tx.query("SELECT id, event_id, kind, recipient, subject, state, created_at, sent_at FROM outbox "
                                    "WHERE person_id = $1 ORDER BY id",
                                    {person_id})) {
        PersonalMail mail{.id = row.integer(0),
                          .event_id = row.maybe_integer(1),
                          .kind = row.text(2),
                          .recipient = row.text(3),
                          .subject = row.maybe_text(4).value_or(""),
                          .state = row.text(5),
                          .created = calendar::sys_seconds(std::chrono::seconds(row.integer(6)))};
        if (auto const sent = row.maybe_integer(7)) mail.sent = calendar::sys_seconds(std::chrono::seconds(*sent));
        out.push_back(std::move(mail));
    }
    return out;
}

void erase_mails_of_person(Transaction& tx, std::int64_t person_id) {
    tx.execute("UPDATE outbox SET recipient = '', subject = NULL, sender = NULL, bytes = NULL, last_error = NULL, "
               "reply = NULL, lease_owner = NULL, lease_until = NULL, "
               "state = CASE WHEN state IN ('pending', 'sending', 'failed') THEN 'superseded' ELSE state END "
               "WHERE person_id = $1",
               {person_id});
}

void erase_registrations_of_person(Transaction& tx, std::int64_t person_id) {
    tx.execute("UPDATE registration SET name = '', organisation = '', country = '', answers = '{}', holds_entry = 0, "
               "queue_number = NULL, expires_at = NULL, revision = revision + 1, "
               "status = CASE WHEN status IN ('invited', 'pending', 'held', 'offered', 'waitlisted') THEN 'cancelled' "
               "ELSE status END "
               "WHERE person_id = $1",
               {person_id});
}

}  // namespace convoke::store
