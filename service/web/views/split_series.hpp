// "Change this and all following dates": pages/split_series.html, its fields, and what they ask for. Pure; any thread.
#pragma once

#include "service/domain/series_split.hpp"
#include "service/web/views/event_words.hpp"
#include "service/web/views/form.hpp"

#include <map>
#include <optional>
#include <string>

namespace convoke::web {

// The dates that can be the first to change: where the series can be divided, and to come.
std::vector<calendar::local_seconds> dates_to_offer(calendar::Schedule const& schedule, sys_seconds now);

struct SplitWanted {
    calendar::local_seconds from;
    domain::SplitDefinition definitions;
    std::optional<std::int64_t> revision;  // of the event as the form showed it
};
// `entered`: from, time, title, place, link, revision; what is as it was asks for nothing. nullopt: `errors` says why.
std::optional<SplitWanted> split_wanted(Phrases const& say, domain::EventDefinition const& before,
                                        std::map<std::string, std::string> const& entered, FormErrors& errors);
std::map<std::string, std::string> split_fields();

struct SplitFacts {
    std::string slug;
    domain::Event event;
    std::map<std::string, std::string> entered;
    FormErrors errors;
    // Set: the question before it is done.
    struct Reach {
        calendar::local_seconds from;
        std::int64_t dates = 0, people = 0;
    };
    std::optional<Reach> reach;
};
Data split_series_view(Reader const& reader, SplitFacts const& facts);

}  // namespace convoke::web
