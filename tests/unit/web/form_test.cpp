#include "tests/unit/web/samples.hpp"

#include "service/web/views/form.hpp"
#include "service/web/views/register_view.hpp"

#include <catch2/catch.hpp>

using namespace samples;
using Catch::Matchers::Contains;

TEST_CASE("a fault stands in the summary with a link, beside its field, and keeps what was entered") {
    static Words const words;
    std::vector<Fault> const faults{{"/answers/track", errc::invalid_value, "Choose a workshop."}, {"/mode", errc::invalid_value, "not that"}, {"/x", errc::blank, "odd"}};
    web::FormErrors errors;
    errors.add(words.reader().say, Failure(faults), web::register_fields(hybrid_event().definition));
    auto const html = words.templates.render(
        "pages/register.html", "en", web::register_view(words.reader(), {hybrid_event(), person(), {}, "/x", "", {{"name", "Aoife <b>"}, {"mode", "online"}}, errors}));
    CHECK_THAT(html, Contains("<title>Error:"));
    CHECK_THAT(html, Contains("<a href=\"#answer.track\">Choose a workshop.</a>"));
    CHECK_THAT(html, Contains("id=\"answer.track-error\">Choose a workshop."));
    CHECK_THAT(html, Contains("aria-invalid=\"true\" aria-describedby=\"answer.track-error\""));
    CHECK_THAT(html, Contains("value=\"Aoife &lt;b&gt;\""));
    CHECK_THAT(html, Contains("value=\"online\" checked"));
    CHECK_THAT(html, Contains("<li>odd</li>"));
}

TEST_CASE("a pointer belongs to the field that names it or its parent, the longest first") {
    Words const words;
    auto const say = words.reader().say;
    web::FormErrors errors;
    errors.add(say, fault_at("/virtualLocations/1/uri", errc::url_scheme, "https only"), {{"/virtualLocations", "link"}, {"/v", "wrong"}});
    errors.add(say, fault_at("/startling", errc::blank, "no"), {{"/start", "date"}});
    CHECK(errors.of("link") == "https only");
    CHECK(errors.of("date").empty());
}

TEST_CASE("a failure without faults concerns the whole form, in the reader's language") {
    Words const words;
    web::FormErrors english, french;
    english.add(words.reader().say, Failure(errc::event_full, "no seats"), {{"/mode", "mode"}});
    french.add(words.reader("", "fr").say, Failure(errc::event_full, "no seats"), {{"/mode", "mode"}});
    CHECK(english.any());
    CHECK(english.of("") == "All seats are taken.");
    CHECK(french.of("") == "Toutes les places sont prises.");
}
