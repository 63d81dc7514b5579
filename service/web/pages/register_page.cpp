#include "service/web/pages/register_page.hpp"

#include "service/http/url.hpp"
#include "service/usecases/registrations.hpp"
#include "service/web/layout.hpp"
#include "service/web/pages/event_call.hpp"
#include "service/web/pages/sign_in_page.hpp"
#include "service/web/views/register_view.hpp"

namespace convoke::web {

namespace {

using domain::RegistrationStatus;
using usecases::Answer;

struct Entered {
    std::map<std::string, std::string> fields;
    FormErrors errors;
    int status = 200;
};

std::string own_path(EventCall const& call, Request const& request) {
    if (request.route.ends_with("/answer/{token}")) return event_path(call.event.id) + "/answer/" + http::percent_encode(call.token);
    return event_path(call.event.id) + "/register";
}

Frame frame_for(Reader const& reader, EventCall const& call, std::string const& title) {
    Frame frame;
    frame.title = title;
    frame.trail = {{reader.say("Communities"), "/"},
                   {call.event.definition.title, with_token(event_path(call.event.id), call.token)},
                   {title, ""}};
    frame.secret = !call.token.empty();
    return frame;
}

Response show(WebServices const& services, Visitor visitor, Request const& request, EventCall const& call, Entered entered) {
    adopt_holder(services, visitor, call);
    auto const reader = reader_of(services, visitor);
    RegisterFacts facts{call.event, call.person, call.own, own_path(call, request), call.token, std::move(entered.fields), std::move(entered.errors)};
    bool const answers = call.own && call.own->status == RegistrationStatus::invited;
    Frame frame = frame_for(reader, call, answers ? reader.say("Your answer") : reader.say("Registration"));
    frame.status = entered.status;
    Data data = register_view(reader, facts);
    data.set("event_href", with_token(event_path(call.event.id), call.token));
    return render_page(services, visitor, request, "pages/register.html", frame, std::move(data));
}

domain::RegistrationRequest request_from(EventCall const& call, http::Fields const& form) {
    auto const text = [&](std::string_view name) { return std::string(form.get(name).value_or("")); };
    domain::RegistrationRequest request;
    if (call.person) request.email = call.person->email;
    request.mode = text("mode");
    request.name = text("name");
    request.organisation = text("organisation");
    request.country = text("country");
    for (auto const& question : call.event.definition.registration.questions) {
        auto const answer = text(question_field(question.id));
        if (!answer.empty()) request.answers[question.id] = answer;
    }
    return request;
}

// The same verb as the click on Accept or Decline in a calendar.
result<domain::Registration> answer(Transaction& tx, Context const& context, EventCall const& call, http::Fields const& form) {
    bool const accepts = form.get("answer").value_or("accept") == "accept";
    auto const status = call.own ? std::optional(call.own->status) : std::nullopt;
    if (!accepts) {
        if (!status) return Failure(errc::not_found, "You are not registered for this event.");
        bool const declines = status == RegistrationStatus::invited || status == RegistrationStatus::offered;
        return usecases::answer_registration(tx, context, call.own->id, declines ? Answer::decline : Answer::cancel);
    }
    bool const starts = !status || status == RegistrationStatus::invited || status == RegistrationStatus::declined || status == RegistrationStatus::cancelled;
    if (!status || (starts && !call.event.definition.registration.questions.empty()))
        return usecases::register_participant(tx, context, call.event.id, request_from(call, form));
    std::optional<std::string> mode;
    if (auto const asked = form.get("mode"); asked && !asked->empty()) mode = std::string(*asked);
    return usecases::answer_registration(tx, context, call.own->id, Answer::confirm, mode);
}

std::string_view code_of(RegistrationStatus status) {
    switch (status) {
        case RegistrationStatus::confirmed: return "confirmed";
        case RegistrationStatus::waitlisted: return "waitlisted";
        case RegistrationStatus::pending: return "pending";
        case RegistrationStatus::declined: return "declined";
        case RegistrationStatus::cancelled: return "cancelled";
        default: return "unchanged";
    }
}

// A stranger's address: the answer is the same whoever it belongs to. Whoever is known comes back by the link in the
// mail, signed in, and registers then.
awaitable<Response> send_link(WebServices const& services, Visitor const& visitor, Request const& request, EventCall const& call, http::Fields const& form) {
    auto const context = context_of(services, visitor);
    std::string const email(form.get("email").value_or(""));
    auto const sent = co_await services.db.write([&](Transaction& tx) { return usecases::request_login_link(tx, context, email); });
    auto const path = event_path(call.event.id) + "/register";
    if (!sent) {
        Entered entered{{{"email", email}}, {}, services.problem_of(sent.error()).status};
        if (entered.status >= 500) co_return failure_page(services, visitor, request, sent.error());
        entered.errors.add(reader_of(services, visitor).say, fault_at("/email", sent.error().code, sent.error().detail), {{"/email", "email"}});
        co_return show(services, visitor, request, call, std::move(entered));
    }
    auto response = done(path, "address");
    response.headers.add("Set-Cookie", remember_next(services, path));
    co_return response;
}

// Everybody may ask for a seat; it is held until the address is confirmed. The answer is the same whoever it belongs to.
awaitable<Response> hold_for_stranger(WebServices const& services, Visitor const& visitor, Request const& request, EventCall const& call, http::Fields const& form) {
    auto const context = context_of(services, visitor);
    auto asked = request_from(call, form);
    asked.email = std::string(form.get("email").value_or(""));
    asked.language = reader_of(services, visitor).say.language();
    auto const held = co_await services.db.write([&](Transaction& tx) { return usecases::hold_seat(tx, context, call.event.id, asked); });
    if (held) co_return done(event_path(call.event.id) + "/register", "address");
    Entered entered;
    entered.status = services.problem_of(held.error()).status;
    if (entered.status >= 500) co_return failure_page(services, visitor, request, held.error());
    for (auto const& [name, value] : form.items()) entered.fields.emplace(name, value);
    entered.errors.add(reader_of(services, visitor).say, held.error(), register_fields(call.event.definition));
    co_return show(services, visitor, request, call, std::move(entered));
}

}  // namespace

awaitable<Response> register_form(WebServices const& services, Visitor visitor, Request& request) {
    auto const call = co_await services.db.read([&](Transaction& tx) { return find_call(tx, services, visitor, request); });
    if (!call) co_return failure_page(services, visitor, request, call.error());
    co_return show(services, visitor, request, *call, {});
}

awaitable<Response> register_post(WebServices const& services, Visitor visitor, Request& request) {
    auto const found = co_await services.db.read([&](Transaction& tx) { return find_call(tx, services, visitor, request); });
    if (!found) co_return failure_page(services, visitor, request, found.error());
    auto const form = request.form().value_or(http::Fields{});
    if (!found->person) {
        if (form.get("answer").value_or("") == "accept") co_return co_await hold_for_stranger(services, visitor, request, *found, form);
        co_return co_await send_link(services, visitor, request, *found, form);
    }

    auto const answered = co_await services.db.write([&](Transaction& tx) -> result<domain::Registration> {
        CONVOKE_TRY(call, find_call(tx, services, visitor, request));
        return answer(tx, Context{services.instance, services.clock.now(), call.actor, request.request_id}, call, form);
    });
    if (!answered) {
        Entered entered;
        entered.status = services.problem_of(answered.error()).status;
        if (entered.status >= 500) co_return failure_page(services, visitor, request, answered.error());
        for (auto const& [name, value] : form.items()) entered.fields.emplace(name, value);
        entered.errors.add(reader_of(services, visitor).say, answered.error(), register_fields(found->event.definition));
        co_return show(services, visitor, request, *found, std::move(entered));
    }
    co_return done(with_token(event_path(found->event.id), found->token), code_of(answered->status));
}

awaitable<Response> cancel_form(WebServices const& services, Visitor visitor, Request& request) {
    auto const call = co_await services.db.read([&](Transaction& tx) { return find_call(tx, services, visitor, request); });
    if (!call) co_return failure_page(services, visitor, request, call.error());
    if (!call->person) co_return sign_in_instead(services, visitor, request);
    adopt_holder(services, visitor, *call);
    auto const reader = reader_of(services, visitor);
    auto const path = event_path(call->event.id);

    QuestionFacts facts;
    auto const status = call->own ? call->own->status : RegistrationStatus::cancelled;
    facts.possible = call->own && status != RegistrationStatus::cancelled && status != RegistrationStatus::declined &&
                     status != RegistrationStatus::attended && status != RegistrationStatus::absent;
    facts.words = {!call->own          ? reader.say("You are not registered for this event.")
                   : facts.possible    ? reader.say("If you cannot come, give your seat back: somebody else may be waiting for it. You can register again as long as seats are free.")
                                       : reader.say("Your registration is cancelled already, or the event is over.")};
    facts.action = path + "/cancel";
    facts.button = status == RegistrationStatus::invited || status == RegistrationStatus::offered ? reader.say("Decline") : reader.say("Cancel my registration");
    facts.back_path = with_token(path, call->token);
    facts.back_label = reader.say("Back to the event");
    facts.token = call->token;
    Data data = question_view(facts);
    add_when_panel(data, reader, call->event);
    FormErrors().put(data);
    co_return render_page(services, visitor, request, "pages/confirm.html", frame_for(reader, *call, reader.say("I cannot come")), std::move(data));
}

awaitable<Response> cancel_post(WebServices const& services, Visitor visitor, Request& request) {
    struct Given {
        EventCall call;
        domain::Registration registration;
    };
    auto const given = co_await services.db.write([&](Transaction& tx) -> result<Given> {
        CONVOKE_TRY(call, find_call(tx, services, visitor, request));
        if (!call.own) return Failure(errc::not_found, "You are not registered for this event.");
        bool const declines = call.own->status == RegistrationStatus::invited || call.own->status == RegistrationStatus::offered;
        CONVOKE_TRY(registration, usecases::answer_registration(tx, Context{services.instance, services.clock.now(), call.actor, request.request_id}, call.own->id,
                                                                declines ? Answer::decline : Answer::cancel));
        return Given{call, registration};
    });
    if (!given) co_return failure_page(services, visitor, request, given.error());
    co_return done(with_token(event_path(given->call.event.id), given->call.token), code_of(given->registration.status));
}

}  // namespace convoke::web
