#include "service/store/programmes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace convoke::store {
namespace {

#define PROGRAMME_COLUMNS "id, community_id, title, period, revision, created_at, updated_at"

void insert_parts(Transaction& tx, Programme const& programme) {
    for (std::size_t i = 0; i < programme.objectives.size(); ++i) {
        auto const& objective = programme.objectives[i];
        tx.execute("INSERT INTO objective (programme_id, position, code, title) VALUES ($1, $2, $3, $4)",
                   {programme.id, i, objective.code, objective.title});
        for (std::size_t k = 0; k < objective.topics.size(); ++k)
            tx.execute("INSERT INTO topic (programme_id, objective_position, position, code, title) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       {programme.id, i, k, objective.topics[k].code, objective.topics[k].title});
    }
    for (std::size_t i = 0; i < programme.outputs.size(); ++i) {
        auto const& output = programme.outputs[i];
        boost::json::array topics(output.topics.begin(), output.topics.end());
        tx.execute("INSERT INTO programme_output (programme_id, position, type, title, due, topics) "
                   "VALUES ($1, $2, $3, $4, $5, $6)",
                   {programme.id, i, output.type, output.title, output.due, boost::json::serialize(topics)});
    }
}

void delete_parts(Transaction& tx, std::int64_t id) {
    tx.execute("DELETE FROM topic WHERE programme_id = $1", {id});
    tx.execute("DELETE FROM objective WHERE programme_id = $1", {id});
    tx.execute("DELETE FROM programme_output WHERE programme_id = $1", {id});
}

Programme read_programme(Transaction& tx, Row const& row) {
    Programme programme{.id = row.integer(0),
                        .community_id = row.integer(1),
                        .title = row.text(2),
                        .period = row.text(3),
                        .revision = row.integer(4),
                        .created = calendar::sys_seconds(std::chrono::seconds(row.integer(5))),
                        .updated = calendar::sys_seconds(std::chrono::seconds(row.integer(6)))};
    for (auto const& part : tx.query("SELECT code, title FROM objective WHERE programme_id = $1 ORDER BY position",
                                     {programme.id}))
        programme.objectives.push_back({part.text(0), part.text(1), {}});
    for (auto const& part : tx.query("SELECT objective_position, code, title FROM topic WHERE programme_id = $1 "
                                     "ORDER BY objective_position, position",
                                     {programme.id}))
        programme.objectives.at(static_cast<std::size_t>(part.integer(0))).topics.push_back({part.text(1), part.text(2)});
    for (auto const& part : tx.query("SELECT type, title, due, topics FROM programme_output WHERE programme_id = $1 "
                                     "ORDER BY position",
                                     {programme.id})) {
        domain::Output output{.type = part.text(0), .title = part.text(1), .due = part.text(2)};
        auto const topics = boost::json::parse(part.text(3));
        for (auto const& topic : topics.as_array()) output.topics.emplace_back(topic.as_string());
        programme.outputs.push_back(std::move(output));
    }
    return programme;
}

}  // namespace

void insert_programme(Transaction& tx, Programme const& programme) {
    tx.execute("INSERT INTO programme (" PROGRAMME_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)",
               {programme.id, programme.community_id, programme.title, programme.period, programme.revision,
                programme.created.time_since_epoch().count(), programme.updated.time_since_epoch().count()});
    insert_parts(tx, programme);
}

void update_programme(Transaction& tx, Programme const& programme) {
    tx.execute("UPDATE programme SET title = $2, period = $3, revision = $4, updated_at = $5 WHERE id = $1",
               {programme.id, programme.title, programme.period, programme.revision,
                programme.updated.time_since_epoch().count()});
    delete_parts(tx, programme.id);
    insert_parts(tx, programme);
}

void delete_programme(Transaction& tx, std::int64_t id) {
    delete_parts(tx, id);
    tx.execute("DELETE FROM programme WHERE id = $1", {id});
}

std::optional<Programme> find_programme(Transaction& tx, std::int64_t id) {
    auto const rows = tx.query("SELECT " PROGRAMME_COLUMNS " FROM programme WHERE id = $1", {id});
    if (rows.empty()) return std::nullopt;
    return read_programme(tx, rows[0]);
}

std::vector<std::string> topic_codes(Transaction& tx, std::int64_t community_id) {
    std::vector<std::string> codes;
    for (auto const& row : tx.query("SELECT DISTINCT t.code FROM topic t JOIN programme p ON p.id = t.programme_id "
                                    "WHERE p.community_id = $1",
                                    {community_id}))
        codes.push_back(row.text(0));
    return codes;
}

std::vector<Programme> list_programmes(Transaction& tx, std::int64_t community_id, std::optional<std::int64_t> after,
                                       std::size_t limit) {
    std::vector<Programme> out;
    for (auto const& row : tx.query("SELECT " PROGRAMME_COLUMNS " FROM programme WHERE community_id = $1 AND id > $2 "
                                    "ORDER BY id LIMIT $3",
                                    {community_id, after.value_or(0), limit}))
        out.push_back(read_programme(tx, row));
    return out;
}

}  // namespace convoke::store
