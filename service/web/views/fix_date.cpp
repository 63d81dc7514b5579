#include "service/web/views/fix_date.hpp"

#include "service/domain/event_codec.hpp"
#include "service/web/views/organise_view.hpp"

#include <charconv>

namespace convoke::web {

namespace {

std::optional<int> number(std::string_view text) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

// "2:30", "2" or "90 min" is not guessed at: hours, and minutes behind a colon.
std::optional<calendar::Duration> hours_and_minutes(std::string_view text) {
    auto const colon = text.find(':');
    auto const hours = number(text.substr(0, colon));
    auto const minutes = colon == std::string_view::npos ? std::optional(0) : number(text.substr(colon + 1));
    if (!hours || !minutes || *hours > 240 || *minutes > 59 || *hours + *minutes == 0) return std::nullopt;
    return calendar::Duration{0, std::chrono::hours(*hours) + std::chrono::minutes(*minutes)};
}

}  // namespace

std::optional<FixedDate> fix_date(Phrases const& say, domain::EventDefinition const& before,
                                  std::map<std::string, std::string> const& entered, FormErrors& errors) {
    auto const text = [&](std::string const& name) {
        auto const found = entered.find(name);
        return found == entered.end() ? std::string() : found->second;
    };
    FixedDate fixed{before, number(text("revision")), {}};
    calendar::Fixed when;
    when.zone = text("zone");
    if (auto const day = calendar::parse_date(text("date")); !day) errors.add("date", say("A date such as 2026-06-17."));
    else if (auto const start = calendar::parse_local(text("date") + "T" + text("time").substr(0, 5) + ":00"); !start) errors.add("time", say("A time such as 09:30."));
    else when.start = *start;
    if (auto const duration = hours_and_minutes(text("duration"))) when.duration = *duration;
    else errors.add("duration", say("Hours and minutes, such as 2:30."));
    fixed.definition.schedule = {when, {}};
    fixed.definition.certainty.clear();

    if (domain::takes_place_online(before)) {
        if (auto const link = text("link"); link.empty()) fixed.definition.virtual_locations.clear();
        else if (fixed.definition.virtual_locations.empty()) fixed.definition.virtual_locations["1"] = {say("Online room"), link};
        else fixed.definition.virtual_locations.begin()->second.uri = link;
        if (auto const due = text("link_due"); !due.empty()) {
            if (auto const day = calendar::parse_date(due)) fixed.link_due = *day;
            else errors.add("link_due", say("A date such as 2026-06-03."));
        }
    }
    if (errors.any()) return std::nullopt;
    // What the API would say of the same event.
    auto const checked = domain::decode_event(domain::encode_event(fixed.definition));
    if (!checked) {
        errors.add(say, checked.error(), fix_date_fields());
        return std::nullopt;
    }
    return fixed;
}

}  // namespace convoke::web
