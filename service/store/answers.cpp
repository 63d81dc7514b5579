#include "service/store/answers.hpp"

#include "service/store/instants.hpp"

#include <limits>

namespace convoke::store {

namespace {

#define ANSWER_COLUMNS                                                                                             \
    "id, state, reason, detail, event_id, registration_id, person_id, sender, answer, comment, verified, sequence, " \
    "dtstamp, received_at"

MailAnswer read(Row const& row) {
    MailAnswer answer;
    answer.id = row.integer(0);
    answer.state = row.text(1);
    answer.reason = row.text(2);
    answer.detail = row.text(3);
    answer.event_id = row.maybe_integer(4);
    answer.registration_id = row.maybe_integer(5);
    answer.person_id = row.maybe_integer(6);
    answer.sender = row.text(7);
    answer.answer = row.text(8);
    answer.comment = row.text(9);
    answer.verified = row.integer(10) != 0;
    answer.sequence = row.integer(11);
    answer.dtstamp = maybe_instant(row, 12);
    answer.received = instant_of(row.integer(13));
    return answer;
}

std::vector<MailAnswer> read_all(Rows const& rows) {
    std::vector<MailAnswer> answers;
    for (Row const& row : rows) answers.push_back(read(row));
    return answers;
}

}  // namespace

bool answer_is_known(Transaction& tx, std::string_view key) {
    return !tx.query("SELECT id FROM mail_answer WHERE key = $1", {key}).empty();
}

bool insert_answer(Transaction& tx, MailAnswer const& answer, std::string_view key, std::optional<std::string> const& content) {
    std::optional<Blob> sealed;
    if (content) sealed = Blob{*content};
    return tx.execute("INSERT INTO mail_answer (id, key, state, reason, detail, event_id, registration_id, person_id, sender, answer, "
                      "comment, verified, sequence, dtstamp, content, received_at) "
                      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (key) DO NOTHING",
                      {answer.id, key, answer.state, answer.reason, answer.detail, answer.event_id, answer.registration_id,
                       answer.person_id, answer.sender, answer.answer, answer.comment, std::int64_t(answer.verified), answer.sequence,
                       seconds_of(answer.dtstamp), sealed, seconds_of(answer.received)}) == 1;
}

std::vector<MailAnswer> list_answers(Transaction& tx, AnswerFilter const& filter) {
    std::int64_t const from = filter.after_id.value_or(filter.to_look_at ? std::numeric_limits<std::int64_t>::max() : 0);
    std::vector<Param> params{from, static_cast<std::int64_t>(filter.limit)};
    std::string where = filter.to_look_at ? "WHERE id < $1 " : "WHERE id > $1 ";
    auto const add = [&](std::string_view condition, Param value) {
        params.push_back(std::move(value));
        where += "AND " + std::string(condition) + " $" + std::to_string(params.size()) + " ";
    };
    if (filter.event_id) add("event_id =", *filter.event_id);
    if (filter.state) add("state =", *filter.state);
    if (filter.to_look_at) where += "AND ((state IN ('unverified', 'unprocessed') AND reason <> 'automatic') OR reason = 'late') ";
    if (!filter.community_ids.empty()) {
        std::string list;
        for (std::int64_t id : filter.community_ids) {
            params.emplace_back(id);
            list += (list.empty() ? "$" : ", $") + std::to_string(params.size());
        }
        where += "AND event_id IN (SELECT event_id FROM event_community WHERE community_id IN (" + list + ")) ";
    }
    where += filter.to_look_at ? "ORDER BY id DESC LIMIT $2" : "ORDER BY id LIMIT $2";
    return read_all(tx.query("SELECT " ANSWER_COLUMNS " FROM mail_answer " + where, params));
}

std::int64_t count_automatic_answers(Transaction& tx, std::int64_t event_id) {
    return tx.query("SELECT count(*) FROM mail_answer WHERE event_id = $1 AND reason = 'automatic'", {event_id})[0].integer(0);
}

std::vector<AnswerStamp> answer_stamps(Transaction& tx, std::int64_t registration_id, std::size_t limit) {
    std::vector<AnswerStamp> stamps;
    for (Row const& row : tx.query("SELECT sequence, dtstamp FROM mail_answer WHERE registration_id = $1 AND verified = 1 AND state IN "
                                   "('counted', 'noted') AND answer IN ('accepted', 'declined', 'tentative') AND reason <> 'one_date' ORDER BY id DESC LIMIT $2",
                                   {registration_id, limit}))
        stamps.push_back({row.integer(0), maybe_instant(row, 1)});
    return stamps;
}

std::optional<sys_seconds> decided_otherwise(Transaction& tx, std::int64_t event_id, std::int64_t person_id) {
    auto const rows = tx.query("SELECT at FROM change_log WHERE event_id = $1 AND person_id = $2 AND actor <> 'service' "
                               "AND actor NOT LIKE 'mail:%' AND action IN ('registration.create', 'registration.confirm', "
                               "'registration.decline', 'registration.cancel') ORDER BY id DESC LIMIT 1",
                               {event_id, person_id});
    if (rows.empty()) return std::nullopt;
    return instant_of(rows[0].integer(0));
}

std::int64_t sequence_asked_for(Transaction& tx, std::int64_t person_id, std::int64_t event_id, std::int64_t current) {
    return tx.query("SELECT coalesce(max(coalesce(sequence, $3)), 0) FROM outbox WHERE person_id = $1 AND event_id = $2 AND kind = 'update' "
                    "AND detail IN ('time', 'clock-rules') AND state <> 'superseded'",
                    {person_id, event_id, current})[0].integer(0);
}

std::optional<std::int64_t> event_of_uid(Transaction& tx, std::string_view uid) {
    auto const rows = tx.query("SELECT id FROM event WHERE uid = $1", {uid});
    if (rows.empty()) return std::nullopt;
    return rows[0].integer(0);
}

std::int64_t contents_kept(Transaction& tx, std::optional<std::int64_t> registration_id, sys_seconds since) {
    if (!registration_id)
        return tx.query("SELECT count(*) FROM mail_answer WHERE registration_id IS NULL AND state <> 'counted' AND received_at >= $1 "
                        "AND content IS NOT NULL",
                        {seconds_of(since)})[0].integer(0);
    return tx.query("SELECT count(*) FROM mail_answer WHERE registration_id = $1 AND received_at >= $2 AND content IS NOT NULL",
                    {*registration_id, seconds_of(since)})[0].integer(0);
}

std::optional<std::string> content_of_answer(Transaction& tx, std::int64_t id) {
    auto const rows = tx.query("SELECT content FROM mail_answer WHERE id = $1", {id});
    if (rows.empty()) return std::nullopt;
    auto const content = rows[0].maybe_blob(0);
    if (!content) return std::nullopt;
    return content->bytes;
}

bool any_answer_before(Transaction& tx, sys_seconds before) {
    return tx.query("SELECT EXISTS (SELECT 1 FROM mail_answer WHERE state <> 'counted' AND received_at < $1)", {seconds_of(before)})[0].boolean(0);
}

std::int64_t delete_answers_before(Transaction& tx, sys_seconds before, std::int64_t limit) {
    return tx.execute("DELETE FROM mail_answer WHERE id IN (SELECT id FROM mail_answer WHERE state <> 'counted' AND received_at < $1 "
                      "ORDER BY received_at LIMIT $2)",
                      {seconds_of(before), limit});
}

std::vector<MailAnswer> answers_of_person(Transaction& tx, std::int64_t person_id, std::string_view email) {
    return read_all(tx.query("SELECT " ANSWER_COLUMNS " FROM mail_answer WHERE person_id = $1 OR lower(sender) = lower($2) ORDER BY id",
                             {person_id, email}));
}

void erase_answers_of_person(Transaction& tx, std::int64_t person_id, std::string_view email) {
    tx.execute("DELETE FROM mail_answer WHERE person_id = $1 OR lower(sender) = lower($2)", {person_id, email});
}

}  // namespace convoke::store
