#include "service/domain/series_split.hpp"

#include "calendar/series_split.hpp"
#include "service/domain/event_codec.hpp"
#include "service/domain/json_fields.hpp"

#include <algorithm>
#include <utility>

namespace convoke::domain {

namespace json = boost::json;

namespace {

constexpr std::string_view ends = "split-ends:", begins = "split-begins:";

bool gives(json::object const& patch, std::string_view name) { return patch.contains(name) && !patch.at(name).is_null(); }

std::optional<local_seconds> new_start(json::object const& patch) {
    if (!gives(patch, "start") || !patch.at("start").is_string()) return std::nullopt;
    auto const start = calendar::parse_local(std::string(patch.at("start").as_string()));
    return start ? std::optional(*start) : std::nullopt;  // what is wrong with it is told by the codec
}

void keep_fault(Faults& faults, std::string pointer, Failure const& failure) {
    faults.push_back({std::move(pointer), failure.code, failure.detail});
}

// The overrides of dates that the rules of the patch do not give would become faults, or dates that nobody asked for.
void drop_overrides_of_no_date(EventDefinition& later, json::object const& patch) {
    if (!patch.contains("recurrenceRules") || !later.schedule.recurrence) return;
    if (patch.at("recurrenceRules").is_null()) return later.schedule.recurrence.reset();
    auto kept = std::move(later.schedule.recurrence->overrides);
    later.schedule.recurrence->overrides.clear();
    auto alone = patch_event(later, patch);
    if (!alone || !alone->schedule.recurrence) return;
    alone->schedule.recurrence->overrides.clear();
    for (auto const& date : calendar::occurrences(alone->schedule, sys_seconds::min(), sys_seconds::max(), 1000))
        if (auto const change = kept.find(date.id); change != kept.end()) later.schedule.recurrence->overrides.insert(*change);
}

// Registration for what is over cannot be open; that it opens later than that is for its organisers to say.
result<void> check_earlier(EventDefinition& earlier, local_seconds from) {
    auto& rules = earlier.registration;
    if (!rules.opens && !rules.closes) return {};
    std::string const& zone = calendar::zone_of(earlier.schedule);
    sys_seconds end{};
    for (auto const& one : calendar::occurrences(earlier.schedule, sys_seconds::min(), sys_seconds::max(), 1000)) end = std::max(end, one.span.end);
    if (rules.closes && calendar::to_instant(*rules.closes, zone) > end) rules.closes = calendar::to_local(end, zone).local;
    if (!rules.opens || calendar::to_instant(*rules.opens, zone) < end) return {};
    return fault_at("/from", errc::end_before_start,
                    "registration opens (/registration/opens of the event) only after the dates before " + calendar::format_local(from) +
                        ": let it open earlier first");
}

}  // namespace

result<SplitDefinition> split_definition(EventDefinition const& definition, std::optional<local_seconds> from, json::object const& patch) {
    Faults faults;
    std::map<std::string, std::string> readings;
    for (char const* name : {"communities", "workingGroup"})
        if (patch.contains(name))
            faults.push_back({std::string("/") + name, errc::invalid_value, "who the series concerns stays as it is; change it in the new event, with PATCH"});
    if (gives(patch, "provisional"))
        faults.push_back({"/provisional", errc::invalid_value, "dates that are fixed do not become a window; give start"});

    SplitDefinition split{definition, definition};
    bool divided = false;
    if (from) {
        auto parts = calendar::split_series(definition.schedule, *from);
        if (!parts) {
            keep_fault(faults, "/from", parts.error());
        } else {
            divided = true;
            split.earlier.schedule = std::move(parts->before);
            split.later.schedule = std::move(parts->after);
            if (auto const fit = check_earlier(split.earlier, *from); !fit) faults.push_back(fit.error().faults.front());
        }
    }
    if (auto const start = new_start(patch); divided && start && !patch.contains("recurrenceRules")) {
        auto moved = calendar::move_series(split.later.schedule, *start);
        if (moved) split.later.schedule = *std::move(moved);
        else keep_fault(faults, "/start", moved.error());
    }
    if (divided) drop_overrides_of_no_date(split.later, patch);
    json::object rest = patch;
    for (char const* name : {"communities", "workingGroup", "provisional"}) rest.erase(name);
    auto later = patch_event(split.later, rest);
    if (later) {
        split.later = *std::move(later);
    } else {
        // Without the division the rule's and the start's own faults mean nothing.
        for (Fault const& fault : later.error().faults)
            if (divided || !(fault.pointer == "/start" || fault.pointer.starts_with("/recurrence"))) {
                bool const known = std::any_of(faults.begin(), faults.end(), [&](Fault const& one) { return one.pointer == "/start" && fault.pointer.starts_with("/recurrenceRules"); });
                if (!known) faults.push_back(fault);
            }
        readings = later.error().arguments;
    }
    if (faults.empty() && from) return split;
    Failure failure(std::move(faults));
    failure.arguments = std::move(readings);
    return failure;
}

SplitNews split_news(EventDefinition const& before, SplitDefinition const& split, local_seconds from) {
    SplitNews news{from};
    auto const unchanged = calendar::split_series(before.schedule, from);
    news.time = !unchanged || !(unchanged->after == split.later.schedule);
    news.place = before.locations != split.later.locations || before.format != split.later.format;
    news.link = before.virtual_locations != split.later.virtual_locations;
    news.title = before.title != split.later.title;
    return news;
}

std::string detail_of_split(SplitNews const& news) {
    std::string out(news.begins ? begins : ends);
    out += calendar::format_local(news.from);
    for (auto const& [is, name] : {std::pair(news.time, " time"), {news.place, " place"}, {news.link, " link"}, {news.title, " title"}})
        if (is) out += name;
    return out;
}

std::optional<SplitNews> split_of_detail(std::string_view detail) {
    SplitNews news;
    news.begins = detail.starts_with(begins);
    if (!news.begins && !detail.starts_with(ends)) return std::nullopt;
    detail.remove_prefix(news.begins ? begins.size() : ends.size());
    auto const from = calendar::parse_local(detail.substr(0, 19));
    if (!from) return std::nullopt;
    news.from = *from;
    auto const says = [&](std::string_view word) { return detail.find(word) != std::string_view::npos; };
    news.time = says(" time");
    news.place = says(" place");
    news.link = says(" link");
    news.title = says(" title");
    return news;
}

}  // namespace convoke::domain
