#include "service/web/layout.hpp"

#include "service/http/csrf.hpp"
#include "service/web/views/event_words.hpp"

#include <algorithm>
#include <array>

namespace convoke::web {

namespace {

// What a page says after something was done. The code comes in the address, so the words must not.
struct Done {
    std::string_view code, tone, words;
};
constexpr std::array done_words{
    Done{"confirmed", "success", "You are registered. A mail with the calendar entry is on its way."},
    Done{"waitlisted", "info", "The event is full: you are on the waiting list. You get a mail when a seat is yours."},
    Done{"pending", "info", "Your registration waits for the organisers. You get a mail when they have decided."},
    Done{"declined", "success", "Thank you for your answer: you have declined."},
    Done{"cancelled", "success", "Your registration is cancelled and the seat is free for somebody else."},
    Done{"unchanged", "info", "Nothing has changed."},
    Done{"address", "info", "If this address may register, a mail with a link is on its way."},
    Done{"saved", "success", "Your data are saved."},
    Done{"new-feed", "success", "Your calendar has a new address. Subscribe to it again."},
    Done{"signed-in", "success", "You are signed in."},
    Done{"signed-out", "info", "You are signed out."},
    Done{"published", "success", "The event is published."},
    Done{"fixed", "success", "The date is fixed."},
    Done{"split", "success", "The series changes from this date on. Everybody who has it in the calendar is told."},
    Done{"event-cancelled", "success", "The event is cancelled. Everybody who has it in the calendar is told."},
    Done{"registration-changed", "success", "The registration is changed."},
};

Data flash_of(Phrases const& say, std::string_view code) {
    auto const found = std::find_if(done_words.begin(), done_words.end(), [&](auto const& one) { return one.code == code; });
    if (found == done_words.end()) return {};
    return label(found->tone, say(found->words));
}

Response html(WebServices const& services, Visitor const& visitor, std::string body, Frame const& frame) {
    auto response = Response::html(std::move(body), frame.status);
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("Content-Language", visitor.language);
    response.headers.set("Vary", "Cookie, Accept-Language");
    if (frame.secret) response.headers.set("Referrer-Policy", "no-referrer");
    if (visitor.fresh_form_secret) response.headers.add("Set-Cookie", form_secret_cookie(services, visitor));
    return response;
}

}  // namespace

Response render_page(WebServices const& services, Visitor const& visitor, Request const& request, std::string_view name,
                     Frame const& frame, Data data) {
    Phrases const say(services.templates.catalogue(), visitor.language);
    data.set("title", frame.title).set("heading", frame.heading.empty() ? frame.title : frame.heading);
    data.set("heading_lang", frame.heading_lang).set("intro", frame.intro).set("site_name", services.site_name);
    data.set("style_url", services.files.url("convoke.css")).set("mark_url", services.files.url("mark.svg"));
    data.set("csrf", http::csrf_token(visitor.form_secret)).set("feed_path", frame.feed_path);
    data.set("signed_in", visitor.session.has_value()).set("organiser", visitor.organises());
    for (std::string const place : {"home", "me", "organise", "sign_in"}) data.set("at_" + place, frame.here == place);
    std::vector<Data> trail;
    for (auto const& [text, path] : frame.trail) {
        Data segment;
        segment.set("name", text).set("href", path);
        trail.push_back(segment);
    }
    data.set("trail", trail).set("has_trail", !trail.empty());
    data.set("flash", false);
    if (auto const code = request.query("done"); code) {
        auto const known = std::any_of(done_words.begin(), done_words.end(), [&](auto const& one) { return one.code == *code; });
        if (known) data.set("flash", flash_of(say, *code));
    }
    return html(services, visitor, services.templates.render(name, visitor.language, data), frame);
}

Response problem_page(WebServices const& services, Visitor const& visitor, Request const& request, http::Problem const& problem) {
    Phrases const say(services.templates.catalogue(), visitor.language);
    Frame frame;
    frame.status = problem.status;
    frame.title = problem.status == 404   ? say("This page does not exist")
                  : problem.status == 403 ? say("This is not allowed")
                  : problem.status == 503 ? say("Too much is going on just now")
                  : problem.status >= 500 ? say("Something went wrong here")
                                          : say("This could not be done");
    Data data;
    data.set("detail", problem.status == 404 ? say("The address may be mistyped or out of date.") : problem.detail);
    data.set("retry", problem.status >= 500).set("request_id", request.request_id);
    return render_page(services, visitor, request, "pages/error.html", frame, std::move(data));
}

Response failure_page(WebServices const& services, Visitor const& visitor, Request const& request, Failure const& failure) {
    auto const problem = services.problem_of(failure);
    auto response = problem_page(services, visitor, request, problem);
    for (auto const& [name, value] : problem.headers)
        if (name != "WWW-Authenticate") response.headers.set(name, value);
    return response;
}

Response done(std::string const& path, std::string_view code) {
    return Response::redirect(path + (path.find('?') == std::string::npos ? "?done=" : "&done=") + std::string(code));
}

}  // namespace convoke::web
