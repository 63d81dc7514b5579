#include "service/store/events.hpp"

#include "service/domain/event_codec.hpp"
#include "service/store/id_list.hpp"
#include "service/store/instants.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

namespace convoke::store {

namespace {

using domain::EventDefinition;
using domain::Schedule;

// Column order of every SELECT that becomes an Event.
#define EVENT_COLUMNS                                                                                      \
    "e.id, e.uid, e.definition, e.state, e.working_group_id, e.link_due, e.cancel_reason, e.sequence, "     \
    "e.revision, e.created_at, e.updated_at, e.published_at, e.invited_at, e.cancelled_at, "               \
    "e.import_source, e.import_key, e.import_row, e.shown_at, e.first_uid, e.next_uid"

std::optional<std::string> text_or_null(std::string const& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

std::string_view kind_of(Schedule const& schedule) {
    if (schedule.provisional()) return "provisional";
    if (schedule.recurrence) return "recurring";
    return schedule.all_day() ? "all-day" : "fixed";
}

// From the first start to the end of the last occurrence.
calendar::Span whole_span(Event const& event) {
    Schedule const& schedule = event.definition.schedule;
    calendar::Span span = calendar::first_span(schedule, event.zone);
    if (schedule.recurrence) {
        auto const all = calendar::occurrences(schedule, sys_seconds::min(), sys_seconds::max(), 1000);
        for (auto const& occurrence : all) {
            span.start = std::min(span.start, occurrence.span.start);
            span.end = std::max(span.end, occurrence.span.end);
        }
    }
    return span;
}

// What was decoded from the same text before: a feed of a thousand events is mostly this. Bounded; any thread.
class Definitions {
public:
    EventDefinition read(std::int64_t event_id, std::string const& text) {
        {
            std::lock_guard lock(mutex_);
            if (auto const found = known_.find(text); found != known_.end()) return found->second;
        }
        auto decoded = domain::decode_stored_event(boost::json::parse(text).as_object());
        if (!decoded) throw std::runtime_error("event " + std::to_string(event_id) + " cannot be read: " + decoded.error().detail);
        std::lock_guard lock(mutex_);
        if (bytes_ + text.size() > most_bytes) {
            known_.clear();
            bytes_ = 0;
        }
        if (known_.emplace(text, *decoded).second) bytes_ += text.size();
        return *std::move(decoded);
    }

private:
    static constexpr std::size_t most_bytes = 4 * 1024 * 1024;  // of text, some 5,000 events; a few times that in memory
    std::mutex mutex_;
    std::unordered_map<std::string, EventDefinition> known_;
    std::size_t bytes_ = 0;
};

Definitions& definitions() {
    static Definitions all;
    return all;
}

Event read_event(Row const& row) {
    Event event;
    event.id = row.integer(0);
    event.uid = row.text(1);
    event.definition = definitions().read(event.id, row.text(2));
    event.state = domain::event_state(row.text(3));
    event.working_group_id = row.maybe_integer(4);
    if (auto const due = row.maybe_text(5)) event.link_due = calendar::parse_date(*due).value();
    event.cancel_reason = row.maybe_text(6).value_or("");
    event.sequence = row.integer(7);
    event.revision = row.integer(8);
    event.created = instant_of(row.integer(9));
    event.updated = instant_of(row.integer(10));
    event.published = maybe_instant(row, 11);
    event.invited = maybe_instant(row, 12);
    event.cancelled = maybe_instant(row, 13);
    event.import_source = row.maybe_text(14).value_or("");
    event.import_key = row.maybe_text(15).value_or("");
    event.import_row = row.maybe_text(16).value_or("");
    event.shown = instant_of(row.integer(17));
    event.first_uid = row.maybe_text(18).value_or("");
    event.next_uid = row.maybe_text(19).value_or("");
    return event;
}

// Fills in the owning communities; the zone of a window is the first one's.
void add_communities(Transaction& tx, std::vector<Event>& events) {
    std::vector<std::int64_t> ids;
    std::map<std::int64_t, Event*> by_id;
    for (Event& event : events) {
        ids.push_back(event.id);
        by_id[event.id] = &event;
        event.definition.communities.clear();
        event.zone = calendar::zone_of(event.definition.schedule);
    }
    for_ids(tx,
            "SELECT ec.event_id, c.id, c.slug, c.name, c.time_zone FROM event_community ec "
            "JOIN community c ON c.id = ec.community_id WHERE ec.event_id IN ",
            ids, " ORDER BY ec.event_id, ec.position", [&](Row const& row) {
                Event& event = *by_id.at(row.integer(0));
                event.community_ids.push_back(row.integer(1));
                event.definition.communities.push_back(row.text(2));
                event.community_names.push_back(row.text(3));
                if (event.zone.empty()) event.zone = row.text(4);
            });
}

std::vector<Event> read_events(Transaction& tx, Rows const& rows) {
    std::vector<Event> events;
    events.reserve(rows.size());
    for (Row const& row : rows) events.push_back(read_event(row));
    add_communities(tx, events);
    return events;
}

void write_communities(Transaction& tx, Event const& event) {
    tx.execute("DELETE FROM event_community WHERE event_id = $1", {event.id});
    for (std::size_t i = 0; i < event.community_ids.size(); ++i)
        tx.execute("INSERT INTO event_community (event_id, position, community_id) VALUES ($1, $2, $3)",
                   {event.id, i, event.community_ids[i]});
}

std::string definition_text(Event const& event) {
    return boost::json::serialize(domain::encode_event(event.definition));
}

}  // namespace

void insert_event(Transaction& tx, Event const& event) {
    calendar::Span const span = whole_span(event);
    auto const& rules = event.definition.registration;
    tx.execute(
        "INSERT INTO event (id, uid, definition, title, state, schedule_kind, starts_at, ends_at, working_group_id, "
        "capacity_on_site, capacity_online, link_due, cancel_reason, sequence, revision, created_at, updated_at, "
        "published_at, invited_at, cancelled_at, import_source, import_key, import_row, shown_at, first_uid, next_uid) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)",
        {event.id, event.uid, definition_text(event), event.definition.title, name_of(event.state),
         kind_of(event.definition.schedule), seconds_of(span.start), seconds_of(span.end),
         event.working_group_id, rules.capacity_on_site, rules.capacity_online,
         event.link_due ? std::optional(calendar::format_date(*event.link_due)) : std::nullopt,
         text_or_null(event.cancel_reason), event.sequence, event.revision, seconds_of(event.created),
         seconds_of(event.updated), seconds_of(event.published), seconds_of(event.invited),
         seconds_of(event.cancelled), text_or_null(event.import_source), text_or_null(event.import_key),
         text_or_null(event.import_row), seconds_of(event.shown), text_or_null(event.first_uid), text_or_null(event.next_uid)});
    write_communities(tx, event);
}

void update_event(Transaction& tx, Event const& event) {
    calendar::Span const span = whole_span(event);
    auto const& rules = event.definition.registration;
    tx.execute(
        "UPDATE event SET definition = $2, title = $3, state = $4, schedule_kind = $5, starts_at = $6, ends_at = $7, "
        "working_group_id = $8, capacity_on_site = $9, capacity_online = $10, link_due = $11, cancel_reason = $12, "
        "sequence = $13, revision = $14, updated_at = $15, published_at = $16, invited_at = $17, cancelled_at = $18, "
        "shown_at = $19, first_uid = $20, next_uid = $21 "
        "WHERE id = $1",
        {event.id, definition_text(event), event.definition.title, name_of(event.state),
         kind_of(event.definition.schedule), seconds_of(span.start), seconds_of(span.end),
         event.working_group_id, rules.capacity_on_site, rules.capacity_online,
         event.link_due ? std::optional(calendar::format_date(*event.link_due)) : std::nullopt,
         text_or_null(event.cancel_reason), event.sequence, event.revision, seconds_of(event.updated),
         seconds_of(event.published), seconds_of(event.invited), seconds_of(event.cancelled), seconds_of(event.shown),
         text_or_null(event.first_uid), text_or_null(event.next_uid)});
    write_communities(tx, event);
}

std::optional<Event> find_event(Transaction& tx, std::int64_t id) {
    auto events = read_events(tx, tx.query("SELECT " EVENT_COLUMNS " FROM event e WHERE e.id = $1", {id}));
    if (events.empty()) return std::nullopt;
    return std::move(events.front());
}

CachedSpan cached_span(Transaction& tx, Event const& event) {
    auto const rows = tx.query("SELECT starts_at, ends_at FROM event WHERE id = $1", {event.id});
    if (rows.empty()) throw std::logic_error("the span of an event that is not there");
    calendar::Span const computed = whole_span(event);
    auto const at = [&](std::size_t column) { return sys_seconds{std::chrono::seconds{rows[0].integer(column)}}; };
    return {{at(0), at(1)}, computed};
}

std::vector<Event> events_of_import(Transaction& tx, std::string const& source) {
    return read_events(
        tx, tx.query("SELECT " EVENT_COLUMNS " FROM event e WHERE e.import_source = $1 ORDER BY e.id", {source}));
}

void note_import(Transaction& tx, std::int64_t id, std::string const& key, std::string const& row) {
    tx.execute("UPDATE event SET import_key = $2, import_row = $3 WHERE id = $1", {id, key, row});
}

std::vector<Event> list_events(Transaction& tx, EventFilter const& filter) {
    std::int64_t const from = filter.from ? filter.from->time_since_epoch().count() : INT64_MIN;
    std::int64_t const to = filter.to ? filter.to->time_since_epoch().count() : INT64_MAX;
    std::string const state = filter.state ? std::string(name_of(*filter.state)) : std::string();
    std::string sql = "SELECT " EVENT_COLUMNS " FROM event e WHERE e.ends_at > $1 AND e.starts_at < $2 AND e.id > $3 "
                      "AND ($4 = '' OR e.state = $4) AND ($5 = 1 OR e.published_at IS NOT NULL) "
                      "AND ($6 = 1 OR e.working_group_id IS NULL OR e.working_group_id IN (SELECT wm.working_group_id "
                      "FROM working_group_member wm JOIN member m ON m.id = wm.member_id WHERE m.person_id = $7)) ";
    std::vector<Param> params{from, to, filter.after_id.value_or(0), state, filter.unpublished, filter.all_groups, filter.person_id};
    if (filter.community_id) {
        sql += "AND e.id IN (SELECT event_id FROM event_community WHERE community_id = $8) ";
        params.emplace_back(*filter.community_id);
    }
    sql += filter.by_time ? "ORDER BY e.starts_at, e.ends_at, e.id LIMIT " : "ORDER BY e.id LIMIT ";
    sql += filter.community_id ? "$9" : "$8";
    params.emplace_back(static_cast<std::int64_t>(filter.limit));
    return read_events(tx, tx.query(sql, params));
}

std::vector<Event> events_for_person(Transaction& tx, std::int64_t person_id, sys_seconds since,
                                     sys_seconds cancelled_since) {
    return read_events(
        tx, tx.query("SELECT " EVENT_COLUMNS
                     " FROM event e WHERE e.state <> 'draft' AND e.ends_at > $2 AND "
                     " (e.state <> 'cancelled' OR e.cancelled_at > $3) AND e.published_at IS NOT NULL "
                     "AND (e.id IN (SELECT event_id FROM registration WHERE person_id = $1) "
                     "OR (e.working_group_id IS NULL AND e.id IN (SELECT ec.event_id FROM event_community ec JOIN member m "
                     "ON m.community_id = ec.community_id WHERE m.person_id = $1)) "
                     "OR e.working_group_id IN (SELECT wm.working_group_id FROM working_group_member wm JOIN member m "
                     "ON m.id = wm.member_id WHERE m.person_id = $1)) ORDER BY e.starts_at, e.id",
                     {person_id, seconds_of(since), seconds_of(cancelled_since)}));
}

std::vector<Event> events_for_community(Transaction& tx, std::int64_t community_id, sys_seconds since,
                                        sys_seconds cancelled_since) {
    return read_events(
        tx, tx.query("SELECT " EVENT_COLUMNS
                     " FROM event_community c JOIN event e ON e.id = c.event_id WHERE c.community_id = $1 AND "
                     "e.state <> 'draft' AND e.published_at IS NOT NULL AND e.working_group_id IS NULL AND e.ends_at > $2 "
                     "AND (e.state <> 'cancelled' OR e.cancelled_at > $3) ORDER BY e.starts_at, e.id",
                     {community_id, seconds_of(since), seconds_of(cancelled_since)}));
}

std::vector<std::int64_t> events_to_complete(Transaction& tx, sys_seconds now, std::size_t limit) {
    std::vector<std::int64_t> ids;
    for (Row const& row : tx.query("SELECT id FROM event WHERE state = 'published' AND ends_at <= $1 ORDER BY ends_at LIMIT $2",
                                   {seconds_of(now), limit}))
        ids.push_back(row.integer(0));
    return ids;
}

std::vector<Concerned> concerned_persons(Transaction& tx, Event const& event) {
    // A member of two owning communities is one person; the first community's words about them count.
    std::string_view const all =
        "SELECT p.id, p.email, m.name, m.organisation, m.country, m.language, m.time_zone FROM event_community ec "
        "JOIN member m ON m.community_id = ec.community_id JOIN person p ON p.id = m.person_id "
        "WHERE ec.event_id = $1 ORDER BY ec.position, m.id";
    std::string_view const group =
        "SELECT p.id, p.email, m.name, m.organisation, m.country, m.language, m.time_zone FROM working_group_member wm "
        "JOIN member m ON m.id = wm.member_id JOIN person p ON p.id = m.person_id "
        "WHERE wm.working_group_id = $1 ORDER BY m.id";
    std::vector<Concerned> persons;
    std::map<std::int64_t, bool> seen;
    Rows const rows = event.working_group_id ? tx.query(group, {*event.working_group_id}) : tx.query(all, {event.id});
    for (Row const& row : rows) {
        if (!seen.emplace(row.integer(0), true).second) continue;
        persons.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6)});
    }
    return persons;
}

bool concerns_person(Transaction& tx, Event const& event, std::int64_t person_id) {
    if (event.working_group_id)
        return !tx.query("SELECT 1 FROM member m JOIN working_group_member wm ON wm.member_id = m.id "
                         "WHERE m.person_id = $1 AND wm.working_group_id = $2",
                         {person_id, *event.working_group_id})
                    .empty();
    return !tx.query("SELECT 1 FROM member m JOIN event_community ec ON ec.community_id = m.community_id "
                     "WHERE m.person_id = $1 AND ec.event_id = $2",
                     {person_id, event.id})
                .empty();
}

Profile profile_for(Transaction& tx, std::int64_t person_id, std::int64_t event_id) {
    // What another community knows of the person stays there; only language and zone help everybody.
    auto const rows = tx.query(
        "SELECT m.name, m.organisation, m.country, m.language, m.time_zone, ec.position FROM member m "
        "LEFT JOIN event_community ec ON ec.community_id = m.community_id AND ec.event_id = $2 WHERE m.person_id = $1 "
        "ORDER BY CASE WHEN ec.position IS NULL THEN 1000000 ELSE ec.position END, m.id LIMIT 1",
        {person_id, event_id});
    auto const fallback = rows.empty()
                              ? tx.query("SELECT name, organisation, country, language, time_zone FROM person WHERE id = $1", {person_id})
                              : rows;
    if (fallback.empty()) return {};
    Row const row = fallback[0];
    if (!rows.empty() && row.is_null(5)) return {"", "", "", row.text(3), row.text(4)};
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}

}  // namespace convoke::store
