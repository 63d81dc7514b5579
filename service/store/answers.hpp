// Statements on answers that came by mail. Inside a transaction only; no rules here.
#pragma once

#include "service/domain/mail_answer.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::store {

using calendar::sys_seconds;
using domain::MailAnswer;

bool answer_is_known(Transaction& tx, std::string_view key);
// False when the key is there already. `content`: sealed; none where nothing is kept of the mail.
bool insert_answer(Transaction& tx, MailAnswer const& answer, std::string_view key, std::optional<std::string> const& content);

struct AnswerFilter {
    std::optional<std::int64_t> event_id;
    std::optional<std::string> state;
    std::vector<std::int64_t> community_ids;  // answers about their events; empty: all
    std::optional<std::int64_t> after_id;
    std::size_t limit = 50;
    bool to_look_at = false;  // unverified, unprocessed but for automatic replies, late: the newest first, those before after_id
};
// In order of ids.
std::vector<MailAnswer> list_answers(Transaction& tx, AnswerFilter const& filter);
// Out of office and the like, which nobody has to look at.
std::int64_t count_automatic_answers(Transaction& tx, std::int64_t event_id);

struct AnswerStamp {
    std::int64_t sequence = 0;
    std::optional<sys_seconds> dtstamp;
};
// Of the verified yes, no and perhaps of this registration, newest arrival first.
std::vector<AnswerStamp> answer_stamps(Transaction& tx, std::int64_t registration_id, std::size_t limit);

// When the person, or an organiser for them, last decided on the page or by the API about coming.
std::optional<sys_seconds> decided_otherwise(Transaction& tx, std::int64_t event_id, std::int64_t person_id);

// SEQUENCE of the last mail that asked this person again because the time had changed; `current` when it is still to be
// written; 0 when there is none.
std::int64_t sequence_asked_for(Transaction& tx, std::int64_t person_id, std::int64_t event_id, std::int64_t current);

// The event that this UID belongs to.
std::optional<std::int64_t> event_of_uid(Transaction& tx, std::string_view uid);

// Mails of this registration (nullopt: of none) whose content has been kept since.
std::int64_t contents_kept(Transaction& tx, std::optional<std::int64_t> registration_id, sys_seconds since);
std::optional<std::string> content_of_answer(Transaction& tx, std::int64_t id);

bool any_answer_before(Transaction& tx, sys_seconds before);
// All but those counted, at most `limit`, the oldest first; how many there were.
std::int64_t delete_answers_before(Transaction& tx, sys_seconds before, std::int64_t limit);

std::vector<MailAnswer> answers_of_person(Transaction& tx, std::int64_t person_id, std::string_view email);
// Theirs, and what came from their address.
void erase_answers_of_person(Transaction& tx, std::int64_t person_id, std::string_view email);

}  // namespace convoke::store
