// Every page with sample data, written as HTML files for looking at: unit_web '[preview]' with CONVOKE_PREVIEW=DIRECTORY.
#include "tests/unit/web/samples.hpp"

#include "service/web/views/choices.hpp"
#include "service/web/views/community_view.hpp"
#include "service/web/views/me_view.hpp"
#include "service/web/views/organise_view.hpp"
#include "service/web/views/register_view.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace samples;
using domain::RegistrationStatus;
using web::Data;

namespace {

struct Preview {
    Words words;
    std::filesystem::path directory;
    std::string language = "en";

    void write(std::string const& file, std::string const& name, std::string const& title, Data data, bool signed_in = false) const {
        auto const say = words.reader("", language).say;
        data.set("title", title).set("heading", title).set("site_name", "Convoke").set("style_url", "convoke.css").set("mark_url", "mark.svg");
        data.set("csrf", "token").set("signed_in", signed_in).set("organiser", signed_in).set("at_organise", false);
        Data first, here;
        first.set("name", say("Communities")).set("href", "/");
        here.set("name", title).set("href", "");
        data.set("trail", std::vector<Data>{first, here}).set("has_trail", true).set("event_href", "#");
        std::ofstream(directory / (file + ".html")) << words.templates.render(name, language, data);
    }
};

}  // namespace

TEST_CASE("pages to look at", "[.][preview]") {
    char const* const where = std::getenv("CONVOKE_PREVIEW");
    REQUIRE(where);
    char const* const language = std::getenv("CONVOKE_PREVIEW_LANGUAGE");
    Preview preview{{}, where, language ? language : "en"};
    std::filesystem::create_directories(preview.directory);
    for (std::string const file : {"convoke.css", "mark.svg"}) {
        http::Request request(http::Method::get, "/static/" + file);
        std::ofstream(preview.directory / file) << web::web_files().serve(request, file)->body();
    }
    auto const reader = preview.words.reader("Europe/Dublin", preview.language);
    auto const event = online_event(), hybrid = hybrid_event();
    auto const own = registration(event, RegistrationStatus::confirmed);

    preview.write("home", "pages/home.html", "Communities and their events", web::home_view(reader, {{community(), {online_event(), study_visit(), provisional_event()}}}));
    preview.write("community", "pages/community.html", "Community of Practice on Integration", web::community_view(reader, {community(), {programme()}, year_of_events(), {}, "https://events.example"}));
    preview.write("event", "pages/event.html", event.definition.title,
                  web::event_view(reader, {event, programme().objectives[0].topics, own, true, web::TakenSeats{}, "", "/organise/x"}), true);
    preview.write("event-stranger", "pages/event.html", hybrid.definition.title, web::event_view(preview.words.reader(""), {hybrid, {}, {}, false, web::TakenSeats{37, 300}, "", ""}));
    preview.write("event-provisional", "pages/event.html", provisional_event().definition.title, web::event_view(reader, {provisional_event(), {}, {}, false, {}, "", ""}));
    preview.write("event-cancelled", "pages/event.html", cancelled_event().definition.title, web::event_view(reader, {cancelled_event(), {}, {}, false, {}, "", ""}));

    web::FormErrors errors;
    errors.add("answer.track", "Please choose one.");
    preview.write("register", "pages/register.html", "Registration", web::register_view(reader, {hybrid, person(), {}, "/e/x/register", "", {}, errors}), true);
    preview.write("register-stranger", "pages/register.html", "Registration", web::register_view(reader, {event, {}, {}, "/e/x/register", "", {}, {}}));
    preview.write("answer", "pages/register.html", "Your answer",
                  web::register_view(reader, {event, person(), registration(event, RegistrationStatus::invited), "/e/x/answer/t", "t", {}, {}}));
    preview.write("register-closed", "pages/register.html", "Registration", web::register_view(reader, {provisional_event(), {}, {}, "/e/x/register", "", {}, {}}));

    web::MeFacts me;
    me.person = person();
    me.events = {{own, event}, {registration(study_visit(), RegistrationStatus::invited), study_visit()}, {registration(hybrid, RegistrationStatus::waitlisted), hybrid}};
    me.memberships = {{"cop-demo", community().name, "organiser"}};
    me.feed_url = "https://events.example/feeds/3c8vq9w2n7k1m5x0r4t6y8z2b4.ics";
    preview.write("me", "pages/me.html", "My events", web::me_view(reader, me), true);

    std::vector<web::OrganisedEvent> organised;
    for (auto const& one : year_of_events()) organised.push_back({one, {120, 23, 4, 2, 1, 0, 151, 12, 1}});
    preview.write("organise", "pages/organise_community.html", community().name, web::organise_community_view(reader, "cop-demo", organised), true);
    std::vector<domain::Registration> registrations;
    for (auto const status : {RegistrationStatus::confirmed, RegistrationStatus::pending, RegistrationStatus::waitlisted, RegistrationStatus::invited, RegistrationStatus::declined})
        registrations.push_back(registration(hybrid, status));
    preview.write("organise-event", "pages/organise_event.html", hybrid.definition.title,
                  web::organise_event_view(reader, {"cop-demo", hybrid, {120, 23, 4, 2, 1, 0, 151, 12, 1}, registrations, mails(hybrid), "?more", ""}), true);
    preview.write("fix-date", "pages/fix_date.html", "Fix the date", web::fix_date_view(reader, {"cop-demo", provisional_event(), {}, {}}), true);
    Data contact;
    contact.set("name", community().name).set("email", community().contact_email);
    preview.write("accessibility", "pages/accessibility.html", "Accessibility", std::move(Data().set("contacts", std::vector<Data>{contact}).set("has_contacts", true)));
    preview.write("privacy", "pages/privacy.html", "Privacy", Data());
    Data error;
    error.set("detail", "The address may be mistyped or out of date.").set("request_id", "r-4711");
    preview.write("error", "pages/error.html", "This page does not exist", error);
    preview.write("sign-in", "pages/sign_in.html", "Sign in", std::move(Data().set("email", web::field({.id = "email", .label = "E-mail address", .type = "email", .required = true}, {}))));
}
