#include "service/web/views/community_view.hpp"

#include "calendar/words.hpp"

#include <algorithm>

namespace convoke::web {

namespace {

using domain::Event;
using namespace std::chrono;

// In order of the list: what is fixed by its start, a window after what is fixed in its first month.
struct Place {
    year_month month;
    bool window;
    local_days day;
    sys_seconds start;
    std::int64_t id;
    auto operator<=>(Place const&) const = default;
};

Place place_of(Event const& event, Reader const& reader) {
    auto const day = day_in_list(event, reader.zone, reader.now);
    auto const date = year_month_day{day};
    return {date.year() / date.month(), event.definition.schedule.provisional(), day,
            calendar::first_span(event.definition.schedule, event.zone).start, event.id};
}

std::vector<Event const*> in_order(std::vector<Event> const& events, Reader const& reader) {
    std::vector<Event const*> all;
    for (auto const& event : events) all.push_back(&event);
    std::sort(all.begin(), all.end(), [&](auto const* a, auto const* b) { return place_of(*a, reader) < place_of(*b, reader); });
    return all;
}

// Groups of neighbours with the same heading.
class Groups {
public:
    void add(std::string heading, Data item) {
        if (groups_.empty() || groups_.back().heading != heading) groups_.push_back({std::move(heading), {}});
        groups_.back().items.push_back(std::move(item));
    }
    std::vector<Data> data() const {
        std::vector<Data> all;
        for (auto const& group : groups_) {
            Data data;
            data.set("heading", group.heading).set("events", group.items).set("count", static_cast<long>(group.items.size()));
            all.push_back(data);
        }
        return all;
    }

private:
    struct Group {
        std::string heading;
        std::vector<Data> items;
    };
    std::vector<Group> groups_;
};

std::vector<Data> programmes_data(CommunityFacts const& facts) {
    std::vector<Data> programmes;
    for (auto const& programme : facts.programmes) {
        std::vector<Data> objectives, outputs;
        for (auto const& objective : programme.objectives) {
            std::vector<Data> topics;
            for (auto const& topic : objective.topics) {
                Data data;
                data.set("code", topic.code).set("title", topic.title);
                topics.push_back(data);
            }
            Data data;
            data.set("code", objective.code).set("title", objective.title).set("topics", topics);
            objectives.push_back(data);
        }
        for (auto const& output : programme.outputs) {
            Data data;
            data.set("type", output.type).set("title", output.title).set("due", output.due);
            outputs.push_back(data);
        }
        Data data;
        data.set("id", static_cast<long>(programmes.size() + 1)).set("title", programme.title);
        data.set("locale", facts.community.language).set("objectives", objectives);
        data.set("outputs", outputs).set("has_outputs", !outputs.empty());
        programmes.push_back(data);
    }
    return programmes;
}

}  // namespace

std::string webcal_of(std::string const& url) {
    auto const colon = url.find("://");
    return colon == std::string::npos ? url : "webcal" + url.substr(colon);
}

Data home_view(Reader const& reader, std::vector<CommunityAhead> const& communities) {
    std::vector<Data> all;
    for (auto const& [community, next] : communities) {
        Reader local = reader;
        if (local.zone.empty()) local.zone = community.time_zone;
        std::vector<Data> events;
        for (auto const* event : in_order(next, local)) events.push_back(event_item(local, *event));
        Data data;
        data.set("slug", community.slug).set("name", community.name).set("locale", community.language);
        data.set("events", events).set("has_events", !events.empty());
        all.push_back(data);
    }
    return std::move(Data().set("communities", all));
}

Data community_view(Reader const& asked, CommunityFacts const& facts) {
    Reader reader = asked;
    if (reader.zone.empty()) reader.zone = facts.community.time_zone;
    auto const& language = reader.say.language();

    Groups months, years;
    auto const ordered = in_order(facts.events, reader);
    for (auto const* event : ordered) {
        if (is_over(*event, reader.now)) continue;
        months.add(month_heading(place_of(*event, reader).month, language), event_item(reader, *event));
    }
    for (auto at = ordered.rbegin(); at != ordered.rend(); ++at) {
        if (!is_over(**at, reader.now)) continue;
        years.add(std::to_string(static_cast<int>(place_of(**at, reader).month.year())), event_item(reader, **at));
    }
    std::string const page = "/c/" + facts.community.slug, feed = page + "/calendar.ics";
    auto const past = years.data();
    Data data;
    data.set("months", months.data()).set("past", past).set("has_past", !past.empty());
    data.set("programmes", programmes_data(facts));
    data.set("webcal", webcal_of(facts.base_url + feed)).set("feed_path", feed).set("contact", facts.community.contact_email);
    data.set("zone_line", reader.say.with("All times on this page are {zone} time.", {{"zone", calendar::say_zone(reader.zone)}}));
    data.set("calendar", calendar_month(reader, facts.events, facts.month.value_or(month_to_show(facts.events, reader)), page));
    return data;
}

}  // namespace convoke::web
