#include "service/usecases/import_programme.hpp"

#include "service/domain/documents/event_matching.hpp"
#include "service/domain/event_codec.hpp"
#include "service/store/events.hpp"
#include "service/usecases/communities.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/programmes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace convoke::usecases {

namespace {

namespace documents = domain::documents;
using calendar::AllDay;
using calendar::Provisional;
using calendar::WrittenDate;
using documents::ProposedEvent;

// A day without an hour is an all-day event, a window stays one; an hour is never made up.
domain::Schedule schedule_of(WrittenDate const& date, std::string const& zone) {
    if (date.kind == WrittenDate::Kind::window) return {Provisional{date.first, date.last}, std::nullopt};
    return {AllDay{date.first, static_cast<int>((date.last - date.first).count()) + 1, zone}, std::nullopt};
}

EventDefinition definition_of(ProposedEvent const& proposed, domain::Community const& community) {
    EventDefinition definition;
    definition.communities = {community.slug};
    definition.kind = proposed.kind;
    definition.format = proposed.format;
    definition.title = proposed.title;
    definition.description = proposed.description;
    definition.schedule = schedule_of(proposed.date, community.time_zone);
    if (!proposed.place.empty()) definition.locations["1"].name = proposed.place;
    definition.locale = community.language;
    definition.topics = proposed.topics;
    return definition;
}

std::string row_of(EventDefinition const& definition) { return boost::json::serialize(domain::encode_event(definition)); }

EventDefinition definition_in(std::string const& row) {
    return domain::decode_stored_event(boost::json::parse(row).as_object()).value();
}

documents::ImportedEvent as_imported(Event const& event) {
    EventDefinition const then = definition_in(event.import_row);
    documents::ImportedEvent imported{event.import_key, then.title, then.kind, then.format, {}, {}};
    if (auto const* window = std::get_if<Provisional>(&then.schedule.when)) {
        imported.first = window->earliest;
        imported.last = window->latest;
    } else if (auto const* days = std::get_if<AllDay>(&then.schedule.when)) {
        imported.first = days->first;
        imported.last = days->first + std::chrono::days(days->days - 1);
    }
    return imported;
}

bool lies_within(domain::Schedule const& fixed, domain::Schedule const& days) {
    auto const& exact = std::get<calendar::Fixed>(fixed.when);
    auto const day = std::chrono::floor<std::chrono::days>(exact.start);
    if (auto const* window = std::get_if<Provisional>(&days.when)) return day >= window->earliest && day <= window->latest;
    auto const* whole = std::get_if<AllDay>(&days.when);
    return whole && day >= whole->first && day < whole->first + std::chrono::days(whole->days);
}

// What the document changed since `then`, put upon what is true `now`.
EventDefinition merged(EventDefinition now, EventDefinition const& then, EventDefinition const& proposed) {
    auto const take = [&](auto member) {
        if (!(then.*member == proposed.*member)) now.*member = proposed.*member;
    };
    take(&EventDefinition::kind);
    take(&EventDefinition::format);
    take(&EventDefinition::title);
    take(&EventDefinition::description);
    // An hour that was fixed by hand within the days the document now names is what the document means.
    if (!now.schedule.fixed() || !lies_within(now.schedule, proposed.schedule)) take(&EventDefinition::schedule);
    take(&EventDefinition::locations);
    take(&EventDefinition::topics);
    return now;
}

bool is_past(ProposedEvent const& proposed, domain::Community const& community, sys_seconds now) {
    auto const today = std::chrono::floor<std::chrono::days>(calendar::to_local(now, community.time_zone).local);
    return proposed.date.last < today;
}

result<ImportedLine> import_event(Transaction& tx, Context const& context, ImportOptions const& options,
                                  domain::Community const& community, std::string const& source,
                                  ProposedEvent const& proposed, Event const* existing) {
    ImportedLine line;
    line.line = proposed.line;
    line.past = is_past(proposed, community, context.now);
    EventDefinition const wanted = definition_of(proposed, community);
    std::string const row = row_of(wanted);
    if (!existing) {
        CONVOKE_TRY(created, create_event(tx, context, wanted, ImportedFrom{source, proposed.key, row}));
        line.event = created;
    } else {
        line.outcome = ImportedLine::Outcome::unchanged;
        line.event = *existing;
        // What was called off here stays called off, whatever the document says.
        if (existing->import_row != row && existing->state != domain::EventState::cancelled) {
            EventDefinition const definition = merged(existing->definition, definition_in(existing->import_row), wanted);
            CONVOKE_TRY(changed, change_event(tx, context, existing->id, std::nullopt, {definition, std::nullopt, true}));
            store::note_import(tx, existing->id, proposed.key, row);
            line.event = changed;
            line.outcome = ImportedLine::Outcome::changed;
        }
    }
    if (line.past && line.event.state == domain::EventState::draft) {
        CONVOKE_TRY(recorded, record_past_event(tx, context, line.event.id));
        line.event = recorded;
    } else if (!line.past && options.publish && line.event.state == domain::EventState::draft) {
        CONVOKE_TRY(published, publish_event(tx, context, line.event.id, std::nullopt));
        line.event = published;
        if (line.outcome == ImportedLine::Outcome::unchanged) line.outcome = ImportedLine::Outcome::changed;
    }
    return line;
}

domain::Programme programme_of(documents::ProposedProgramme const& proposed) {
    domain::Programme programme;
    programme.title = proposed.title;
    programme.period = proposed.period;
    for (auto const& objective : proposed.objectives) {
        domain::Objective one{objective.code, objective.title, {}};
        for (auto const& topic : objective.topics) one.topics.push_back({topic.code, topic.title});
        programme.objectives.push_back(std::move(one));
    }
    for (auto const& output : proposed.outputs)
        programme.outputs.push_back({output.type, output.title, output.written_due, output.topics});
    return programme;
}

}  // namespace

std::size_t ImportReport::count(ImportedLine::Outcome outcome) const {
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(), [&](ImportedLine const& line) { return line.outcome == outcome; }));
}

result<ImportReport> import_programme(Transaction& tx, Context const& context, ImportOptions const& options,
                                      documents::ProposedProgramme const& proposed,
                                      std::function<void(std::size_t)> const& progress) {
    if (!proposed.faults.empty()) return documents::as_failure(proposed.faults);
    CONVOKE_TRY(community, find_organised_community(tx, context, options.community));
    store::lock_row(tx, "community", community.id);  // two imports of one document must not both find nothing
    // The table is the source, not the file: files get renamed.
    std::string const source = community.slug + ":" + proposed.period + ":" + proposed.table.heading;
    std::vector<Event> const existing = store::events_of_import(tx, source);
    std::vector<documents::ImportedEvent> known;
    for (Event const& event : existing) known.push_back(as_imported(event));
    documents::EventMatching const matching = documents::match_events(known, proposed.events);

    std::vector<Event const*> partner(proposed.events.size(), nullptr);
    for (documents::EventPair const& pair : matching.pairs) partner[pair.proposed] = &existing[pair.existing];
    ImportReport report;
    for (std::size_t i = 0; i < proposed.events.size(); ++i) {
        CONVOKE_TRY(line, import_event(tx, context, options, community, source, proposed.events[i], partner[i]));
        report.events.push_back(std::move(line));
        if (progress) progress(report.events.size());
    }
    for (std::size_t index : matching.missing) report.missing.push_back(existing[index].definition.title);

    if (!proposed.objectives.empty() || !proposed.outputs.empty()) {
        domain::Programme const programme = programme_of(proposed);
        CONVOKE_TRY(put, put_programme(tx, context, community.slug, programme));
        report.programme_written = put.outcome != PutProgramme::Outcome::unchanged;
        report.objectives = programme.objectives.size();
        report.outputs = programme.outputs.size();
        for (auto const& objective : programme.objectives) report.topics += objective.topics.size();
    }
    return report;
}

}  // namespace convoke::usecases
