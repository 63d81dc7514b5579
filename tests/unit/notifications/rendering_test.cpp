#include "notifications/rendering/templates.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

using namespace convoke::rendering;

TEST_CASE("languages are found by tag and negotiated by weight") {
    const auto catalogue = letter_catalogue();
    CHECK(catalogue.languages() == std::vector<std::string>{"en", "de", "fr"});
    CHECK(catalogue.match("fr-BE") == "fr");
    CHECK(catalogue.match("DE") == "de");
    CHECK(catalogue.match("it") == "en");
    CHECK(catalogue.match("") == "en");
    CHECK(catalogue.negotiate("it, fr;q=0.5, de;q=0.9") == "de");
    CHECK(catalogue.negotiate("fr-CH") == "fr");
    CHECK(catalogue.negotiate("fr;q=0") == "en");
    CHECK(catalogue.negotiate(";;q=,,,*") == "en");
    CHECK(catalogue.translate("fr", "Reminder") == "Rappel");
    CHECK(catalogue.translate("it", "Reminder") == "Reminder");
    CHECK(catalogue.translate("fr", "never said") == "never said");
    CHECK(language_name(catalogue, "de", "it") == "Italienisch");
    CHECK(language_name(catalogue, "en", "it-IT") == "Italian");
    CHECK(language_name(catalogue, "en", "tlh") == "tlh");
}

TEST_CASE("numbers take the language's plural") {
    const auto catalogue = letter_catalogue();
    CHECK(catalogue.translate("en", "{n} seat", "{n} seats", 1) == "1 seat");
    CHECK(catalogue.translate("en", "{n} seat", "{n} seats", 0) == "0 seats");
    CHECK_THROWS(Catalogue().add("xx", "not a catalogue at all"));
}

TEST_CASE("every message of the letters is translated") {
    const auto catalogue = letter_catalogue();
    Templates templates(catalogue);
    add_letter_templates(templates);
    templates.check();
    const auto messages = templates.messages();
    CHECK(messages.size() > 30);
    for (auto const& message : messages) {
        for (auto const& language : catalogue.languages()) {
            CAPTURE(message, language);
            CHECK(catalogue.has(language, message));
        }
    }
}

TEST_CASE("html templates escape, text templates do not") {
    const auto catalogue = letter_catalogue();
    Templates templates(catalogue);
    templates.add("a.html", "<b title=\"{{x}}\">{{x}}</b>{{#t}}Questions:{{/t}}");
    templates.add("a.txt", "{{x}}");
    Data data;
    data.set("x", "<script>\"'&");
    CHECK(templates.render("a.html", "en", data) ==
          "<b title=\"&lt;script&gt;&quot;&apos;&amp;\">&lt;script&gt;&quot;&apos;&amp;</b>Questions:");
    CHECK(templates.render("a.txt", "en", data) == "<script>\"'&");
}

TEST_CASE("messages are translated with their variables, layouts and partials put in place") {
    Catalogue catalogue = letter_catalogue();
    Templates templates(catalogue);
    templates.add("layout.html", "<html lang=\"{{language}}\">\n{{> content}}\n</html>\n");
    templates.add("part.html", "<i>{{#t}}  the link will\n come by {{link_due}}. {{/t}}</i>\n");
    templates.add("page.html", "{{! layout: layout.html }}\n{{#items}}\n{{> part.html}}\n{{/items}}\n{{^items}}\nnone\n{{/items}}\n");
    std::vector<Data> items(2);
    items[0].set("link_due", "1 <mai>");
    items[1].set("link_due", "2 mai");
    Data data;
    data.set("items", items);
    CHECK(templates.render("page.html", "fr-FR", data) ==
          "<html lang=\"fr\">\n<i>le lien vous parviendra au plus tard le 1 &lt;mai&gt;.</i>\n"
          "<i>le lien vous parviendra au plus tard le 2 mai.</i>\n</html>\n");
    CHECK(templates.render("page.html", "en", Data()) == "<html lang=\"en\">\nnone\n</html>\n");
}

TEST_CASE("section tags alone on their lines leave no trace, blank lines stay") {
    const auto catalogue = letter_catalogue();
    Templates templates(catalogue);
    templates.add("x.txt", "one\n{{#a}}\n\nA: {{a}}\n  {{/a}}\n{{^a}}\nno a\n{{/a}}\n{{! gone }}\n\nend{{#a}} {{a}}{{/a}}\n");
    CHECK(templates.render("x.txt", "en", Data()) == "one\nno a\n\nend\n");
    Data data;
    data.set("a", "1");
    CHECK(templates.render("x.txt", "en", data) == "one\n\nA: 1\n\nend 1\n");
}

TEST_CASE("a broken template says which and why") {
    const auto catalogue = letter_catalogue();
    const auto fault_of = [&](std::string text) -> std::string {
        Templates templates(catalogue);
        templates.add("self.txt", "{{> self.txt}}");
        templates.add("x.txt", std::move(text));
        try {
            templates.render("x.txt", "en", Data());
        } catch (std::runtime_error const& fault) {
            return fault.what();
        }
        return "";
    };
    CHECK(fault_of("{{> nowhere.txt}}") == "template x.txt: no such template: nowhere.txt");
    CHECK(fault_of("{{> self.txt}}").find("nest deeper") != std::string::npos);
    CHECK(fault_of("{{#t}}open").find("without") != std::string::npos);
    CHECK(fault_of("{{#a}}open").find("x.txt") != std::string::npos);
    CHECK(fault_of("fine").empty());
}

TEST_CASE("a directory overrides what is compiled in") {
    const auto catalogue = letter_catalogue();
    Templates templates(catalogue);
    add_letter_templates(templates);
    const auto directory = std::filesystem::temp_directory_path() / ("convoke-templates-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory / "letters");
    std::ofstream(directory / "letters" / "sign-in.txt.mustache") << "Mine: {{sign_in_url}}\n";
    templates.add_directory(directory);
    std::filesystem::remove_all(directory);
    Data data;
    data.set("sign_in_url", "https://x");
    CHECK(templates.render("letters/sign-in.txt", "en", data) == "Mine: https://x\n");
    CHECK_THROWS_AS(templates.add_directory(directory / "nowhere"), std::filesystem::filesystem_error);
}

TEST_CASE("many threads render at once") {
    const auto catalogue = letter_catalogue();
    Templates templates(catalogue);
    add_letter_templates(templates);
    std::vector<std::string> results(8);
    std::vector<std::thread> threads;
    for (auto& result : results) {
        threads.emplace_back([&templates, &result] {
            for (int i = 0; i < 50; ++i) {
                Data data;
                data.set("subject", "s").set("deadline", "d").set("sign_in_url", "https://x");
                result = templates.render("letters/sign-in.html", i % 2 ? "de" : "fr", data);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(std::all_of(results.begin(), results.end(), [&](auto const& text) { return text == results.front() && !text.empty(); }));
}
