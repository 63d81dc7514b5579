#include "service/web/pages/sign_in_page.hpp"

#include "service/http/cookie.hpp"
#include "service/http/url.hpp"
#include "service/web/layout.hpp"
#include "service/web/views/register_view.hpp"

namespace convoke::web {

namespace {

struct Asked {
    std::string email, next;
    bool sent = false;
    FormErrors errors;
};

Response sign_in_page(WebServices const& services, Visitor const& visitor, Request const& request, Asked const& asked, int status) {
    auto const reader = reader_of(services, visitor);
    Data data;
    data.set("sent", asked.sent).set("next", asked.next);
    data.set("email", field({.id = "email", .label = reader.say("E-mail address"), .value = asked.email, .type = "email", .autocomplete = "email", .required = true},
                            asked.errors));
    asked.errors.put(data);
    Frame frame;
    frame.title = asked.sent ? reader.say("Look into your mail") : reader.say("Sign in");
    frame.here = "sign_in";
    frame.status = status;
    return render_page(services, visitor, request, "pages/sign_in.html", frame, std::move(data));
}

std::string path_wanted(std::string_view text) {
    auto path = http::safe_local_path(text);
    return path == "/" ? std::string() : path;
}

}  // namespace

Response sign_in_instead(WebServices const& services, Visitor const& visitor, Request const& request) {
    return sign_in_page(services, visitor, request, {.email = {}, .next = path_wanted(request.path), .errors = {}}, 200);
}

awaitable<Response> sign_in_form(WebServices const& services, Visitor visitor, Request& request) {
    if (visitor.session) co_return Response::redirect("/me");
    Asked asked;
    asked.next = path_wanted(request.query("next").value_or(""));
    asked.sent = request.query("sent").has_value();
    co_return sign_in_page(services, visitor, request, asked, 200);
}

awaitable<Response> sign_in_post(WebServices const& services, Visitor visitor, Request& request) {
    auto const form = request.form();
    Asked asked;
    if (form) {
        asked.email = form->get("email").value_or("");
        asked.next = path_wanted(form->get("next").value_or(""));
    }
    auto const context = context_of(services, visitor);
    auto const sent = co_await services.db.write([&](Transaction& tx) { return usecases::request_login_link(tx, context, asked.email); });
    if (!sent) {
        auto const problem = services.problem_of(sent.error());
        if (problem.status >= 500) co_return failure_page(services, visitor, request, sent.error());
        asked.errors.add(reader_of(services, visitor).say, fault_at("/email", sent.error().code, sent.error().detail), {{"/email", "email"}});
        co_return sign_in_page(services, visitor, request, asked, 422);
    }
    auto response = Response::redirect("/sign-in?sent=1");
    if (!asked.next.empty()) response.headers.add("Set-Cookie", remember_next(services, asked.next));
    co_return response;
}

awaitable<Response> sign_in_link_page(WebServices const& services, Visitor visitor, Request& request) {
    auto const& token = request.param("token");
    auto const usable = co_await services.db.read([&](Transaction& tx) -> result<bool> { return usecases::login_link_is_usable(tx, context_of(services, visitor), token); });
    if (!usable) co_return failure_page(services, visitor, request, usable.error());
    auto const reader = reader_of(services, visitor);
    QuestionFacts facts;
    facts.possible = *usable;
    facts.action = "/sign-in/" + http::percent_encode(token);
    facts.button = reader.say("Sign in");
    facts.back_path = *usable ? "/" : "/sign-in";
    facts.back_label = *usable ? reader.say("Not now") : reader.say("Ask for a new link");
    facts.words = {*usable ? reader.say("Press the button to sign in on this device. The link works once.")
                           : reader.say("This link has been used already, or its time is over.")};
    Data data = question_view(facts);
    FormErrors().put(data);
    Frame frame;
    frame.title = reader.say("Sign in");
    frame.here = "sign_in";
    frame.secret = true;
    co_return render_page(services, visitor, request, "pages/confirm.html", frame, std::move(data));
}

awaitable<Response> sign_in_link_post(WebServices const& services, Visitor visitor, Request& request) {
    auto const context = context_of(services, visitor);
    auto const& token = request.param("token");
    struct Entered {
        usecases::SignedIn signed_in;
        bool organises;
    };
    auto const entered = co_await services.db.write([&](Transaction& tx) -> result<Entered> {
        CONVOKE_TRY(signed_in, usecases::use_login_link(tx, context, token));
        auto const session = usecases::find_session(tx, context.now, signed_in.session_token);
        return Entered{signed_in, session && (session->actor.admin || !session->actor.organises.empty())};
    });
    if (!entered) {
        if (entered.error().code == errc::not_found) co_return Response::redirect("/sign-in/" + http::percent_encode(token));
        co_return failure_page(services, visitor, request, entered.error());
    }
    auto const next = remembered_next(services, request);
    auto response = done(next.empty() ? entered->organises ? "/organise" : "/me" : next, "signed-in");
    response.headers.add("Set-Cookie", http::set_cookie(session_cookie, entered->signed_in.session_token,
                                                        {.secure = secure_cookies(services), .max_age = usecases::session_life}));
    if (!next.empty()) response.headers.add("Set-Cookie", forget_next(services));
    co_return response;
}

awaitable<Response> sign_out_post(WebServices const& services, Visitor visitor, Request& request) {
    if (visitor.session) {
        auto const context = context_of(services, visitor);
        auto const ended = co_await services.db.write([&](Transaction& tx) -> result<void> {
            usecases::sign_out(tx, context, visitor.session_token);
            return {};
        });
        if (!ended) co_return failure_page(services, visitor, request, ended.error());
    }
    auto response = done("/", "signed-out");
    response.headers.add("Set-Cookie", http::expire_cookie(session_cookie, secure_cookies(services)));
    co_return response;
}

}  // namespace convoke::web
