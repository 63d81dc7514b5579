#include "service/web/views/feed_words.hpp"

namespace convoke::web {

std::string say_ago(Phrases const& say, calendar::seconds age) {
    auto const minutes = std::chrono::floor<std::chrono::minutes>(age).count();
    if (minutes < 1) return say("less than a minute ago");
    if (minutes < 60) return say("{n} minute ago", "{n} minutes ago", minutes);
    if (minutes < 48 * 60) return say("{n} hour ago", "{n} hours ago", minutes / 60);
    return say("{n} day ago", "{n} days ago", minutes / (24 * 60));
}

std::string say_client(Phrases const& say, std::string const& client) {
    if (client == "Google-Calendar-Importer") return "Google Calendar";
    if (client == "Apple") return "Apple Calendar";
    return client == "other" ? say("another program") : client;
}

std::string say_last_fetch(Reader const& reader, std::optional<Fetch> const& fetch) {
    if (!fetch) return reader.say("No calendar program has fetched this calendar yet.");
    return reader.say.with("Last fetched {ago} by {program}.",
                           {{"ago", say_ago(reader.say, reader.now - fetch->at)}, {"program", say_client(reader.say, fetch->client)}});
}

}  // namespace convoke::web
