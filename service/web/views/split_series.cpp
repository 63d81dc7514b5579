#include "service/web/views/split_series.hpp"

#include "calendar/series.hpp"
#include "calendar/series_split.hpp"
#include "calendar/words.hpp"
#include "service/web/views/organise_view.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace convoke::web {

namespace {

namespace json = boost::json;

constexpr std::size_t most_dates = 200;
constexpr std::array field_names{"from", "time", "title", "place", "link", "revision"};

std::string text_of(std::map<std::string, std::string> const& entered, std::string const& name, std::string const& otherwise = {}) {
    auto const found = entered.find(name);
    return found == entered.end() ? otherwise : found->second;
}

std::string time_of_day(calendar::local_seconds local) { return calendar::format_local(local).substr(11, 5); }

// The one place in words, or the one link, instead of all there were; nothing where it is empty.
template <class All>
json::object instead_of(All const& before, json::object one, bool empty) {
    json::object out;
    for (auto const& [key, value] : before) out[key] = nullptr;
    if (!empty) out[before.empty() ? std::string("1") : before.begin()->first] = std::move(one);
    return out;
}

json::object patch_of(domain::EventDefinition const& before, std::map<std::string, std::string> const& entered, calendar::local_seconds from) {
    json::object patch;
    std::string const time = text_of(entered, "time");
    if (before.schedule.fixed() && time != time_of_day(from)) patch["start"] = calendar::format_local(from).substr(0, 11) + time + ":00";
    if (std::string const title = text_of(entered, "title"); title != before.title) patch["title"] = title;
    std::string const place = text_of(entered, "place");
    if (domain::takes_place_on_site(before) && place != domain::place_in_words(before))
        patch["locations"] = instead_of(before.locations, {{"@type", "Location"}, {"name", place}, {"description", nullptr}, {"coordinates", nullptr}}, place.empty());
    std::string const link = text_of(entered, "link");
    if (domain::takes_place_online(before) && link != domain::join_link(before))
        patch["virtualLocations"] = instead_of(before.virtual_locations, {{"@type", "VirtualLocation"}, {"uri", link}}, link.empty());
    return patch;
}

}  // namespace

std::vector<calendar::local_seconds> dates_to_offer(calendar::Schedule const& schedule, sys_seconds now) {
    std::set<calendar::local_seconds> to_come;
    for (auto const& date : calendar::occurrences(schedule, now, sys_seconds::max(), 2000))
        if (date.span.start > now) to_come.insert(date.id);
    auto out = calendar::dates_to_split_at(schedule);
    std::erase_if(out, [&](calendar::local_seconds one) { return !to_come.contains(one); });
    if (out.size() > most_dates) out.resize(most_dates);
    return out;
}

std::map<std::string, std::string> split_fields() {
    return {{"/from", "from"}, {"/start", "time"}, {"/recurrenceRules", "time"}, {"/title", "title"}, {"/locations", "place"}, {"/virtualLocations", "link"}};
}

std::optional<SplitWanted> split_wanted(Phrases const& say, domain::EventDefinition const& before,
                                        std::map<std::string, std::string> const& entered, FormErrors& errors) {
    auto const from = calendar::parse_local(text_of(entered, "from"));
    if (!from) errors.add("from", say("Choose the first date that changes."));
    std::string const time = text_of(entered, "time");
    if (before.schedule.fixed() && !calendar::parse_local("2027-01-01T" + time + ":00")) errors.add("time", say("A time such as 09:30."));
    if (errors.any()) return std::nullopt;
    auto parts = domain::split_definition(before, *from, patch_of(before, entered, *from));
    if (!parts) {
        errors.add(say, parts.error(), split_fields());
        return std::nullopt;
    }
    std::int64_t revision = 0;
    std::string const shown = text_of(entered, "revision");
    auto const [end, error] = std::from_chars(shown.data(), shown.data() + shown.size(), revision);
    bool const known = error == std::errc() && end == shown.data() + shown.size();
    return SplitWanted{*from, *std::move(parts), known ? std::optional(revision) : std::nullopt};
}

Data split_series_view(Reader const& reader, SplitFacts const& facts) {
    auto const& say = reader.say;
    domain::Event const& event = facts.event;
    domain::EventDefinition const& definition = event.definition;
    auto const dates = dates_to_offer(definition.schedule, reader.now);
    auto const words_of = [&](calendar::local_seconds id) {
        return calendar::say_when(calendar::schedule_of_date(definition.schedule, id), event.zone, say.language(), reader.now).brief;
    };
    auto const value = [&](std::string const& name, std::string const& otherwise) { return text_of(facts.entered, name, otherwise); };
    Data data;
    add_when_panel(data, reader, event);
    data.set("action", organise_path(facts.slug, event.id) + "/split").set("back_href", organise_path(facts.slug, event.id)).set("back_label", say("Back"));
    facts.errors.put(data);
    data.set("asks", facts.reach.has_value()).set("possible", !dates.empty());
    if (facts.reach) {
        data.set("question", say.with("{dates} dates change, from {date} on. {people} people are told.",
                                      {{"dates", std::to_string(facts.reach->dates)}, {"date", words_of(facts.reach->from)}, {"people", std::to_string(facts.reach->people)}}));
        std::vector<Data> hidden, news;
        for (std::string const name : field_names) hidden.push_back(std::move(Data().set("name", name).set("value", value(name, ""))));
        auto const changed = [&](std::string const& label, std::string const& name, std::string const& before) {
            if (auto const now = value(name, before); now != before) news.push_back(std::move(Data().set("label", label).set("value", now)));
        };
        if (definition.schedule.fixed()) changed(say("New start"), "time", time_of_day(facts.reach->from));
        // A date that was moved by hand to another hour keeps that.
        auto const own_hour = news.empty() ? 0 : calendar::dates_with_own_hour(definition.schedule, facts.reach->from);
        if (own_hour > 0) news.push_back(std::move(Data().set("label", say("Dates that keep the start they were given by hand")).set("value", std::to_string(own_hour))));
        changed(say("New title"), "title", definition.title);
        if (domain::takes_place_on_site(definition)) changed(say("New place"), "place", domain::place_in_words(definition));
        if (domain::takes_place_online(definition)) changed(say("New link to join"), "link", domain::join_link(definition));
        data.set("hidden", std::move(hidden)).set("has_news", !news.empty()).set("news", std::move(news));
        return data;
    }
    Options options;
    for (calendar::local_seconds id : dates) options.emplace_back(calendar::format_local(id), words_of(id));
    std::vector<Data> hidden{std::move(Data().set("name", "revision").set("value", std::to_string(event.revision)))};
    std::vector<Data> fields;
    fields.push_back(select({.id = "from", .label = say("The first date that changes"), .value = value("from", ""), .required = true}, options, facts.errors));
    if (definition.schedule.fixed())
        fields.push_back(field({.id = "time", .label = say("New start"), .value = value("time", time_of_day(calendar::start_of(definition.schedule))),
                                .help = say("24 hours, for example 09:30"), .required = true}, facts.errors));
    fields.push_back(field({.id = "title", .label = say("New title"), .value = value("title", definition.title), .required = true}, facts.errors));
    if (domain::takes_place_on_site(definition))
        fields.push_back(field({.id = "place", .label = say("New place"), .value = value("place", domain::place_in_words(definition))}, facts.errors));
    if (domain::takes_place_online(definition))
        fields.push_back(field({.id = "link", .label = say("New link to join"), .value = value("link", domain::join_link(definition)),
                                .help = say("Only invited and registered people see it."), .type = "url"}, facts.errors));
    data.set("hidden", std::move(hidden)).set("fields", std::move(fields));
    return data;
}

}  // namespace convoke::web
