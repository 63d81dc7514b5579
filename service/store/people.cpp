#include "service/store/people.hpp"

#include "service/core/ids.hpp"
#include "service/store/instants.hpp"

#include <stdexcept>

namespace convoke::store {
namespace {

#define PERSON_COLUMNS \
    "id, email, name, organisation, country, language, time_zone, feed_version, provisional_in_feed, feed_alarm, feed_changed_at"

Person read_person(Row const& row) {
    return Person{.id = row.integer(0),
                  .email = row.text(1),
                  .name = row.text(2),
                  .organisation = row.text(3),
                  .country = row.text(4),
                  .language = row.text(5),
                  .time_zone = row.text(6),
                  .feed_version = row.integer(7),
                  .provisional_in_feed = row.boolean(8),
                  .feed_alarm = row.text(9),
                  .feed_changed = instant_of(row.integer(10))};
}

// Addresses are ASCII by domain/email_address.hpp.
std::string lower(std::string_view address) {
    std::string out(address);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::optional<Person> first(Rows const& rows) {
    if (rows.empty()) return std::nullopt;
    return read_person(rows[0]);
}

}  // namespace

std::optional<Person> find_person(Transaction& tx, std::int64_t id) {
    return first(tx.query("SELECT " PERSON_COLUMNS " FROM person WHERE id = $1", {id}));
}

std::optional<Person> find_person(Transaction& tx, std::string_view address) {
    return first(tx.query("SELECT " PERSON_COLUMNS " FROM person WHERE lower(email) = $1", {lower(address)}));
}

Person find_or_add_person(Transaction& tx, calendar::sys_seconds now, Person const& wanted) {
    auto found = find_person(tx, wanted.email);
    if (!found) {
        tx.execute("INSERT INTO person (id, email, name, organisation, country, language, time_zone, feed_version, "
                   "provisional_in_feed, created_at, feed_changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 1, $8, $8) "
                   "ON CONFLICT DO NOTHING",
                   {core::new_id(), wanted.email, wanted.name, wanted.organisation, wanted.country, wanted.language,
                    wanted.time_zone, now.time_since_epoch().count()});
        found = find_person(tx, wanted.email);  // also when another process was quicker
        if (!found) throw std::logic_error("a person that was just added is not there");
        return *found;
    }
    Person person = *found;
    bool filled = false;
    auto const fill = [&](std::string& have, std::string const& given) {
        if (!have.empty() || given.empty()) return;
        have = given;
        filled = true;
    };
    fill(person.name, wanted.name);
    fill(person.organisation, wanted.organisation);
    fill(person.country, wanted.country);
    fill(person.language, wanted.language);
    fill(person.time_zone, wanted.time_zone);
    if (filled) update_person(tx, person);
    return person;
}

void update_person(Transaction& tx, Person const& person) {
    tx.execute("UPDATE person SET name = $2, organisation = $3, country = $4, language = $5, time_zone = $6, "
               "provisional_in_feed = $7, feed_alarm = $8, feed_changed_at = $9 WHERE id = $1",
               {person.id, person.name, person.organisation, person.country, person.language, person.time_zone,
                person.provisional_in_feed, person.feed_alarm, seconds_of(person.feed_changed)});
}

std::int64_t renew_feed_version(Transaction& tx, std::int64_t person_id) {
    auto const rows = tx.query("UPDATE person SET feed_version = feed_version + 1 WHERE id = $1 RETURNING feed_version",
                               {person_id});
    if (rows.empty()) throw std::logic_error("no such person");
    return rows[0].integer(0);
}

std::string erased_address(std::int64_t person_id) { return "erased-" + std::to_string(person_id) + "@invalid"; }

void erase_person(Transaction& tx, std::int64_t person_id) {
    tx.execute("UPDATE person SET email = $2, name = '', organisation = '', country = '', language = '', "
               "time_zone = '', provisional_in_feed = 0, feed_alarm = '', feed_version = feed_version + 1 WHERE id = $1",
               {person_id, erased_address(person_id)});
}

}  // namespace convoke::store
