#include "service/web/pages/me_page.hpp"

#include "service/domain/country.hpp"
#include "service/usecases/capability.hpp"
#include "service/usecases/communities.hpp"
#include "service/usecases/feeds.hpp"
#include "service/usecases/members.hpp"
#include "service/usecases/persons.hpp"
#include "service/usecases/registrations.hpp"
#include "service/web/layout.hpp"
#include "service/web/views/me_view.hpp"

#include <algorithm>

namespace convoke::web {

namespace {

constexpr std::size_t longest_text = 200;

result<MeFacts> find(Transaction& tx, WebServices const& services, Context const& context, std::int64_t person_id) {
    MeFacts facts;
    CONVOKE_TRY(person, usecases::find_person(tx, person_id));
    CONVOKE_TRY(registrations, usecases::registrations_of_person(tx, context, person_id, context.now));
    for (auto const& own : registrations) facts.events.push_back({own.registration, own.event});
    for (auto const& member : usecases::memberships_of(tx, person_id)) {
        CONVOKE_TRY(community, usecases::find_community(tx, member.community_id));
        facts.memberships.push_back({community.slug, community.name, member.role});
    }
    facts.feed_url = usecases::feed_url(services.instance, person.id, person.feed_version);
    if (auto const fetch = usecases::last_fetch(tx, person.id)) facts.last_fetch = {fetch->at, fetch->client};
    facts.person = person;
    return facts;
}

awaitable<Response> show(WebServices const& services, Visitor const& visitor, Request const& request,
                         std::map<std::string, std::string> entered, FormErrors errors) {
    auto const context = context_of(services, visitor);
    auto const found = co_await services.db.read([&](Transaction& tx) { return find(tx, services, context, visitor.session->person.id); });
    if (!found) co_return failure_page(services, visitor, request, found.error());
    MeFacts facts = *found;
    facts.entered = std::move(entered);
    facts.errors = std::move(errors);
    auto const reader = reader_of(services, visitor);
    Frame frame;
    frame.title = reader.say("My events");
    frame.intro = reader.say.with("Signed in as {email}", {{"email", facts.person.email}});
    frame.here = "me";
    frame.status = facts.errors.any() ? 422 : 200;
    co_return render_page(services, visitor, request, "pages/me.html", frame, me_view(reader, facts));
}

FormErrors check(Phrases const& say, domain::Person const& person, std::vector<std::string> const& languages) {
    FormErrors errors;
    auto const text = [&](std::string const& name, std::string const& value) {
        bool const control = std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
        if (control || value.size() > longest_text) errors.add(name, say("At most 200 characters, on one line."));
    };
    text("name", person.name);
    text("organisation", person.organisation);
    if (!person.country.empty() && !domain::find_country(person.country)) errors.add("country", say("Choose a country from the list."));
    if (std::find(languages.begin(), languages.end(), person.language) == languages.end()) errors.add("language", say("Choose a language from the list."));
    if (!calendar::zone_exists(person.time_zone)) errors.add("zone", say("Choose a time zone from the list."));
    return errors;
}

}  // namespace

awaitable<Response> me_page(WebServices const& services, Visitor visitor, Request& request) {
    co_return co_await show(services, visitor, request, {}, {});
}

awaitable<Response> me_post(WebServices const& services, Visitor visitor, Request& request) {
    auto const form = request.form().value_or(http::Fields{});
    auto const text = [&](std::string_view name) { return std::string(form.get(name).value_or("")); };
    domain::Person wanted = visitor.session->person;
    wanted.name = text("name");
    wanted.organisation = text("organisation");
    wanted.country = text("country");
    wanted.language = text("language");
    wanted.time_zone = text("zone");
    usecases::FeedChoices const feed{form.get("provisional").has_value(), text("alarm")};
    auto errors = check(reader_of(services, visitor).say, wanted, services.templates.catalogue().languages());
    if (!usecases::is_feed_choice(feed)) errors.add("alarm", reader_of(services, visitor).say("Choose an alarm from the list."));
    if (errors.any()) {
        std::map<std::string, std::string> entered;
        for (auto const& [name, value] : form.items()) entered.emplace(name, value);
        co_return co_await show(services, visitor, request, std::move(entered), errors);
    }
    auto const context = context_of(services, visitor);
    auto const changed = co_await services.db.write([&](Transaction& tx) -> result<domain::Person> {
        CONVOKE_CHECK(usecases::change_person(tx, context, wanted));
        return usecases::choose_feed(tx, context, wanted.id, feed);
    });
    if (!changed) co_return failure_page(services, visitor, request, changed.error());
    co_return done("/me", "saved");
}

awaitable<Response> new_feed_post(WebServices const& services, Visitor visitor, Request& request) {
    auto const context = context_of(services, visitor);
    auto const renewed = co_await services.db.write([&](Transaction& tx) { return usecases::renew_feed(tx, context, visitor.session->person.id); });
    if (!renewed) co_return failure_page(services, visitor, request, renewed.error());
    co_return done("/me", "new-feed");
}

}  // namespace convoke::web
