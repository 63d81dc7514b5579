#include "service/store/registrations.hpp"

#include "service/store/instants.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace convoke::store {

namespace {

#define REGISTRATION_COLUMNS                                                                                  \
    "r.id, r.event_id, r.person_id, r.status, r.mode, p.email, r.name, r.organisation, r.country, r.language, " \
    "r.time_zone, r.answers, r.queue_number, r.confirmed_at, r.expires_at, r.holds_entry, r.revision, "        \
    "r.created_at, r.updated_at, r.shown_at "                                                                             \
    "FROM registration r JOIN person p ON p.id = r.person_id "

// The statuses that take a seat (domain::takes_seat), as SQL.
#define SEATED "('held', 'offered', 'confirmed', 'attended', 'absent')"

#define ANSWERED_YES "('confirmed', 'attended', 'absent')"

std::string answers_text(Registration const& registration) {
    boost::json::object answers;
    for (auto const& [id, answer] : registration.answers) answers[id] = answer;
    return boost::json::serialize(answers);
}

Registration read(Row const& row) {
    Registration registration;
    registration.id = row.integer(0);
    registration.event_id = row.integer(1);
    registration.person_id = row.integer(2);
    registration.status = domain::registration_status(row.text(3));
    registration.mode = row.text(4);
    registration.email = row.text(5);
    registration.name = row.text(6);
    registration.organisation = row.text(7);
    registration.country = row.text(8);
    registration.language = row.text(9);
    registration.time_zone = row.text(10);
    auto const answers = boost::json::parse(row.text(11));
    for (auto const& member : answers.as_object())
        registration.answers.emplace(member.key(), member.value().as_string().c_str());
    registration.queue_number = row.maybe_integer(12);
    registration.confirmed_at = maybe_instant(row, 13);
    registration.expires_at = maybe_instant(row, 14);
    registration.holds_entry = row.boolean(15);
    registration.revision = row.integer(16);
    registration.created = instant_of(row.integer(17));
    registration.updated = instant_of(row.integer(18));
    registration.shown = instant_of(row.integer(19));
    return registration;
}

std::vector<Registration> read_all(Rows const& rows) {
    std::vector<Registration> all;
    all.reserve(rows.size());
    for (Row const& row : rows) all.push_back(read(row));
    return all;
}

std::optional<Registration> read_one(Rows const& rows) {
    if (rows.empty()) return std::nullopt;
    return read(rows[0]);
}

std::int64_t count(Rows const& rows) { return rows[0].integer(0); }

}  // namespace

bool insert_registration(Transaction& tx, Registration const& r) {
    return tx.execute(
               "INSERT INTO registration (id, event_id, person_id, status, mode, name, organisation, country, language, "
               "time_zone, answers, queue_number, confirmed_at, expires_at, holds_entry, revision, created_at, updated_at, shown_at) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18) "
               "ON CONFLICT (event_id, person_id) DO NOTHING",
               {r.id, r.event_id, r.person_id, name_of(r.status), r.mode, r.name, r.organisation, r.country, r.language,
                r.time_zone, answers_text(r), r.queue_number, seconds_of(r.confirmed_at), seconds_of(r.expires_at),
                r.holds_entry, r.revision, seconds_of(r.created), seconds_of(r.updated)}) == 1;
}

void update_registration(Transaction& tx, Registration const& r) {
    // Attended or absent, the calendar shows what it showed of the confirmed one.
    tx.execute(
        "UPDATE registration SET shown_at = CASE WHEN mode = $3 AND (status = $2 OR (status IN " ANSWERED_YES " AND $2 IN " ANSWERED_YES
        ")) THEN shown_at ELSE $15 END, status = $2, mode = $3, name = $4, organisation = $5, country = $6, language = $7, "
        "time_zone = $8, answers = $9, queue_number = $10, confirmed_at = $11, expires_at = $12, holds_entry = $13, "
        "revision = $14, updated_at = $15 WHERE id = $1",
        {r.id, name_of(r.status), r.mode, r.name, r.organisation, r.country, r.language, r.time_zone, answers_text(r),
         r.queue_number, seconds_of(r.confirmed_at), seconds_of(r.expires_at), r.holds_entry, r.revision,
         seconds_of(r.updated)});
}

std::optional<Registration> find_registration(Transaction& tx, std::int64_t id) {
    return read_one(tx.query("SELECT " REGISTRATION_COLUMNS "WHERE r.id = $1", {id}));
}

std::optional<Registration> registration_of(Transaction& tx, std::int64_t event_id, std::int64_t person_id) {
    return read_one(tx.query("SELECT " REGISTRATION_COLUMNS "WHERE r.event_id = $1 AND r.person_id = $2", {event_id, person_id}));
}

std::vector<Registration> list_registrations(Transaction& tx, std::int64_t event_id, std::int64_t after_id, std::size_t limit) {
    return read_all(tx.query("SELECT " REGISTRATION_COLUMNS "WHERE r.event_id = $1 AND r.id > $2 ORDER BY r.id LIMIT $3",
                             {event_id, after_id, limit}));
}

std::vector<Registration> registrations_in(Transaction& tx, std::int64_t event_id, std::vector<RegistrationStatus> const& statuses) {
    std::vector<Registration> all;
    for (RegistrationStatus status : statuses)
        for (Row const& row : tx.query("SELECT " REGISTRATION_COLUMNS "WHERE r.event_id = $1 AND r.status = $2 ORDER BY r.id",
                                       {event_id, name_of(status)}))
            all.push_back(read(row));
    return all;
}

std::vector<Registration> registrations_of_person(Transaction& tx, std::int64_t person_id) {
    return read_all(tx.query("SELECT " REGISTRATION_COLUMNS "WHERE r.person_id = $1 ORDER BY r.event_id", {person_id}));
}

std::int64_t seats_taken(Transaction& tx, std::int64_t event_id, std::string const& mode) {
    return count(tx.query("SELECT count(*) FROM registration WHERE event_id = $1 AND mode = $2 AND status IN " SEATED,
                          {event_id, mode}));
}

std::int64_t seats_taken_by_organisation(Transaction& tx, std::int64_t event_id, std::string const& organisation, std::int64_t except_person) {
    return count(tx.query("SELECT count(*) FROM registration WHERE event_id = $1 AND organisation = $2 AND person_id <> $3 AND status IN " SEATED,
                          {event_id, organisation, except_person}));
}

std::int64_t seats_taken_by_country(Transaction& tx, std::int64_t event_id, std::string const& country, std::int64_t except_person) {
    return count(tx.query("SELECT count(*) FROM registration WHERE event_id = $1 AND country = $2 AND person_id <> $3 AND status IN " SEATED,
                          {event_id, country, except_person}));
}

std::vector<Registration> waiting_in_line(Transaction& tx, std::int64_t event_id, std::string const& mode) {
    return read_all(tx.query("SELECT " REGISTRATION_COLUMNS
                             "WHERE r.event_id = $1 AND r.status = 'waitlisted' AND r.mode = $2 ORDER BY r.queue_number",
                             {event_id, mode}));
}

std::int64_t next_queue_number(Transaction& tx, std::int64_t event_id) {
    return count(tx.query("SELECT coalesce(max(queue_number), 0) + 1 FROM registration WHERE event_id = $1", {event_id}));
}

std::map<std::int64_t, std::int64_t> places_in_line(Transaction& tx, std::int64_t event_id) {
    std::map<std::int64_t, std::int64_t> places;
    std::map<std::string, std::int64_t> last;
    for (Row const& row : tx.query("SELECT id, mode FROM registration WHERE event_id = $1 AND status = 'waitlisted' "
                                   "ORDER BY queue_number",
                                   {event_id}))
        places[row.integer(0)] = ++last[row.text(1)];
    return places;
}

std::int64_t place_in_line(Transaction& tx, Registration const& registration) {
    return count(tx.query("SELECT count(*) FROM registration WHERE event_id = $1 AND status = 'waitlisted' AND mode = $2 "
                          "AND queue_number <= $3",
                          {registration.event_id, registration.mode, registration.queue_number.value_or(0)}));
}

std::vector<Registration> expired(Transaction& tx, sys_seconds now, std::size_t limit) {
    return read_all(tx.query("SELECT " REGISTRATION_COLUMNS
                             "WHERE r.expires_at IS NOT NULL AND r.expires_at <= $1 ORDER BY r.expires_at, r.id LIMIT $2",
                             {seconds_of(now), limit}));
}

std::vector<std::pair<RegistrationStatus, std::int64_t>> count_by_status(Transaction& tx, std::int64_t event_id) {
    std::vector<std::pair<RegistrationStatus, std::int64_t>> counts;
    for (Row const& row : tx.query("SELECT status, count(*) FROM registration WHERE event_id = $1 GROUP BY status", {event_id}))
        counts.emplace_back(domain::registration_status(row.text(0)), row.integer(1));
    return counts;
}

void note_entry_held(Transaction& tx, std::int64_t registration_id, bool held) {
    tx.execute("UPDATE registration SET holds_entry = $2 WHERE id = $1 AND holds_entry <> $2", {registration_id, held});
}

}  // namespace convoke::store
