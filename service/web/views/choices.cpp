#include "service/web/views/choices.hpp"

#include "calendar/words.hpp"
#include "service/domain/country.hpp"

#include <algorithm>
#include <set>

namespace convoke::web {

namespace {

std::set<std::string> zones_of_countries() {
    // Parts of Member States whose clocks differ from the capital's.
    std::set<std::string> zones{"Atlantic/Azores", "Atlantic/Madeira", "Atlantic/Canary", "UTC"};
    for (auto const& country : domain::countries()) {
        if (country.belongs == domain::Union::none && country.code != "GB" && country.code != "CH" && country.code != "UA" &&
            country.code != "RS" && country.code != "AL" && country.code != "BA" && country.code != "ME" && country.code != "MK" &&
            country.code != "MD" && country.code != "GE" && country.code != "TR" && country.code != "XK")
            continue;
        if (auto zone = calendar::zone_of_country(country.code); !zone.empty()) zones.insert(zone);
    }
    return zones;
}

}  // namespace

Options country_choices(Phrases const& say) {
    Options options{{"", say("Not said")}};
    for (auto const& country : domain::countries()) options.emplace_back(country.code, country.name);
    return options;
}

Options zone_choices(std::string const& current) {
    static std::set<std::string> const known = zones_of_countries();
    std::set<std::string> zones = known;
    if (!current.empty()) zones.insert(current);
    Options options;
    for (auto const& zone : zones) {
        auto const name = calendar::say_zone(zone);
        options.emplace_back(zone, name == zone ? zone : name + " (" + zone + ")");
    }
    std::sort(options.begin(), options.end(), [](auto const& a, auto const& b) { return a.second < b.second; });
    return options;
}

Options language_choices(Phrases const& say) {
    Options options;
    for (auto const& language : say.catalogue().languages())
        options.emplace_back(language, rendering::language_name(say.catalogue(), say.language(), language));
    return options;
}

}  // namespace convoke::web
