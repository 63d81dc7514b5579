#include "service/web/pages/organise_event_pages.hpp"

#include "calendar/words.hpp"
#include "service/core/ids.hpp"
#include "service/usecases/answers.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/members.hpp"
#include "service/usecases/outbox.hpp"
#include "service/usecases/registrations.hpp"
#include "service/web/layout.hpp"
#include "service/web/pages/organised_event.hpp"
#include "service/web/views/desk_notes.hpp"
#include "service/web/views/fix_date.hpp"
#include "service/web/views/organise_view.hpp"
#include "service/web/views/register_view.hpp"

namespace convoke::web {

namespace {

constexpr std::size_t rows_a_page = 100;
constexpr std::size_t longest_reason = 500;

std::optional<std::int64_t> cursor(Request const& request, std::string_view name) {
    auto const text = request.query(name);
    return text ? core::parse_id(*text) : std::nullopt;
}

// A question before an irrevocable deed, with what went wrong at the first try.
struct Question {
    std::string title, verb;
    std::vector<std::string> words;
    std::string button;
    std::vector<Data> fields;
    FormErrors errors;
    int status = 200;
};
Response ask(WebServices const& services, Visitor const& visitor, Request const& request, domain::Event const& event, Question question) {
    auto const reader = reader_of(services, visitor);
    auto const path = organise_path(request.param("slug"), event.id);
    QuestionFacts facts;
    facts.words = question.words;
    facts.action = path + question.verb;
    facts.button = question.button;
    facts.back_path = path;
    facts.back_label = reader.say("Back");
    facts.fields = question.fields;
    Data data = question_view(facts);
    add_when_panel(data, reader, event);
    question.errors.put(data);
    Frame frame = frame_for(reader, request, event, question.title);
    frame.status = question.status;
    return render_page(services, visitor, request, "pages/confirm.html", frame, std::move(data));
}

Response ask_publish(WebServices const& services, Visitor const& visitor, Request const& request, domain::Event const& event,
                     std::string const& link_due, FormErrors errors, int status) {
    auto const say = reader_of(services, visitor).say;
    Question question;
    question.title = say("Publish the event");
    question.verb = "/publish";
    bool const window = event.definition.schedule.provisional();
    question.words = {window ? say("The event appears on the community's page and in all calendars with its window. Nobody gets a mail until the date is fixed.")
                             : say("The event appears on the community's page and in all calendars, registration opens, and every member gets an invitation by mail.")};
    for (auto const& note : schedule_notes(say, event)) question.words.push_back(note);
    question.button = window ? say("Publish") : say("Publish and invite");
    bool const needs_link = !window && domain::takes_place_online(event.definition) && domain::join_link(event.definition).empty();
    if (needs_link) {
        question.words.push_back(say("The link to join is missing. Say by which day it will be there: every mail says so, and the service watches the day."));
        question.fields.push_back(field({.id = "link_due", .label = say("The link will be there by"), .value = link_due, .type = "date",
                                         .required = event.definition.format == "online"}, errors));
    }
    question.errors = std::move(errors);
    question.status = status;
    return ask(services, visitor, request, event, std::move(question));
}

Response ask_cancel(WebServices const& services, Visitor const& visitor, Request const& request, domain::Event const& event,
                    std::string const& reason, FormErrors errors, int status) {
    auto const say = reader_of(services, visitor).say;
    Question question;
    question.title = say("Cancel the event");
    question.verb = "/cancel";
    question.words = {say("Everybody who has the event in the calendar gets a mail that takes it out. This cannot be undone.")};
    question.button = say("Cancel the event");
    question.fields.push_back(field({.id = "reason", .label = say("Reason"), .value = reason, .help = say("It stands in the mail and on the event's page."),
                                     .type = "textarea"}, errors));
    question.errors = std::move(errors);
    question.status = status;
    return ask(services, visitor, request, event, std::move(question));
}

Response show_fix_date(WebServices const& services, Visitor const& visitor, Request const& request, domain::Event const& event,
                       std::map<std::string, std::string> entered, FormErrors errors, int status) {
    auto const reader = reader_of(services, visitor);
    Frame frame = frame_for(reader, request, event, reader.say("Fix the date"));
    frame.status = status;
    return render_page(services, visitor, request, "pages/fix_date.html", frame,
                       fix_date_view(reader, {request.param("slug"), event, std::move(entered), std::move(errors)}));
}

}  // namespace

awaitable<Response> organise_event_page(WebServices const& services, Visitor visitor, Request& request) {
    auto const context = context_of(services, visitor);
    auto const found = co_await services.db.read([&](Transaction& tx) -> result<OrganiseEventFacts> {
        CONVOKE_TRY(event, find_organised(tx, context, request));
        CONVOKE_TRY(figures, usecases::event_figures(tx, context, event.id));
        CONVOKE_TRY(registrations, usecases::list_registrations(tx, context, {event.id, rows_a_page + 1, cursor(request, "registrations")}));
        usecases::OutboxQuery query;
        query.event_id = event.id;
        query.limit = rows_a_page + 1;
        query.after = cursor(request, "mails");
        CONVOKE_TRY(mails, usecases::list_outbox(tx, context, query));
        usecases::AnswerQuery kept;
        kept.event_id = event.id;
        kept.to_look_at = true;
        kept.page = {rows_a_page + 1, cursor(request, "answers")};
        CONVOKE_TRY(answers, usecases::list_answers(tx, context, kept));
        CONVOKE_TRY(automatic, usecases::count_automatic_answers(tx, context, event.id));
        return OrganiseEventFacts{request.param("slug"), event,
                                  {figures.invited, figures.confirmed, figures.waitlisted, figures.pending, figures.declined, figures.cancelled,
                                   figures.mails_sent, figures.mails_open, figures.mails_failed},
                                  registrations, mails, {}, {}, answers, {}, automatic};
    });
    if (!found) co_return failure_page(services, visitor, request, found.error());
    OrganiseEventFacts facts = *found;
    auto const path = organise_path(facts.slug, facts.event.id);
    if (facts.registrations.size() > rows_a_page) {
        facts.registrations.pop_back();
        facts.more_registrations = path + "?registrations=" + core::format_id(facts.registrations.back().id);
    }
    if (facts.answers.size() > rows_a_page) {
        facts.answers.pop_back();
        facts.more_answers = path + "?answers=" + core::format_id(facts.answers.back().id);
    }
    if (facts.mails.size() > rows_a_page) {
        facts.mails.pop_back();
        facts.more_mails = path + "?mails=" + core::format_id(facts.mails.back().id);
    }
    auto const reader = reader_of(services, visitor);
    co_return render_page(services, visitor, request, "pages/organise_event.html", frame_for(reader, request, facts.event, ""),
                          organise_event_view(reader, facts));
}

awaitable<Response> publish_form(WebServices const& services, Visitor visitor, Request& request) {
    auto const event = co_await find_organised(services, visitor, request);
    if (!event) co_return failure_page(services, visitor, request, event.error());
    co_return ask_publish(services, visitor, request, *event, "", {}, 200);
}

awaitable<Response> publish_post(WebServices const& services, Visitor visitor, Request& request) {
    auto const event = co_await find_organised(services, visitor, request);
    if (!event) co_return failure_page(services, visitor, request, event.error());
    auto const form = request.form().value_or(http::Fields{});
    std::string const due_text(form.get("link_due").value_or(""));
    std::optional<calendar::local_days> due;
    FormErrors errors;
    if (!due_text.empty()) {
        if (auto const day = calendar::parse_date(due_text)) due = *day;
        else errors.add("link_due", reader_of(services, visitor).say("A date such as 2026-06-03."));
    }
    if (errors.any()) co_return ask_publish(services, visitor, request, *event, due_text, errors, 422);
    auto const context = context_of(services, visitor);
    auto const published = co_await services.db.write([&](Transaction& tx) { return usecases::publish_event(tx, context, event->id, due); });
    if (!published) {
        int const status = services.problem_of(published.error()).status;
        if (status >= 500) co_return failure_page(services, visitor, request, published.error());
        errors.add(reader_of(services, visitor).say, published.error(), {{"/virtualLocations", "link_due"}, {"/linkDue", "link_due"}});
        co_return ask_publish(services, visitor, request, *event, due_text, errors, status);
    }
    co_return done(organise_path(request.param("slug"), event->id), "published");
}

awaitable<Response> fix_date_form(WebServices const& services, Visitor visitor, Request& request) {
    auto const event = co_await find_organised(services, visitor, request);
    if (!event) co_return failure_page(services, visitor, request, event.error());
    co_return show_fix_date(services, visitor, request, *event, {}, {}, 200);
}

awaitable<Response> fix_date_post(WebServices const& services, Visitor visitor, Request& request) {
    auto const event = co_await find_organised(services, visitor, request);
    if (!event) co_return failure_page(services, visitor, request, event.error());
    auto const form = request.form().value_or(http::Fields{});
    std::map<std::string, std::string> entered;
    for (auto const& [name, value] : form.items()) entered.emplace(name, value);
    FormErrors errors;
    auto const fixed = fix_date(reader_of(services, visitor).say, event->definition, entered, errors);
    if (!fixed) co_return show_fix_date(services, visitor, request, *event, std::move(entered), std::move(errors), 422);
    auto const context = context_of(services, visitor);
    auto const changed = co_await services.db.write([&](Transaction& tx) -> result<domain::Event> {
        return usecases::change_event(tx, context, event->id, fixed->revision, {fixed->definition, fixed->link_due});
    });
    if (!changed) {
        int const status = services.problem_of(changed.error()).status;
        if (status >= 500) co_return failure_page(services, visitor, request, changed.error());
        errors.add(reader_of(services, visitor).say, changed.error(), fix_date_fields());
        co_return show_fix_date(services, visitor, request, *event, std::move(entered), std::move(errors), status);
    }
    co_return done(organise_path(request.param("slug"), event->id), "fixed");
}

awaitable<Response> cancel_event_form(WebServices const& services, Visitor visitor, Request& request) {
    auto const event = co_await find_organised(services, visitor, request);
    if (!event) co_return failure_page(services, visitor, request, event.error());
    co_return ask_cancel(services, visitor, request, *event, "", {}, 200);
}

awaitable<Response> cancel_event_post(WebServices const& services, Visitor visitor, Request& request) {
    auto const event = co_await find_organised(services, visitor, request);
    if (!event) co_return failure_page(services, visitor, request, event.error());
    auto const form = request.form().value_or(http::Fields{});
    std::string const reason(form.get("reason").value_or(""));
    FormErrors errors;
    if (reason.size() > longest_reason) {
        errors.add("reason", reader_of(services, visitor).say("At most 500 characters."));
        co_return ask_cancel(services, visitor, request, *event, reason, errors, 422);
    }
    auto const context = context_of(services, visitor);
    auto const cancelled = co_await services.db.write([&](Transaction& tx) { return usecases::cancel_event(tx, context, event->id, reason); });
    if (!cancelled) {
        int const status = services.problem_of(cancelled.error()).status;
        if (status >= 500) co_return failure_page(services, visitor, request, cancelled.error());
        errors.add(reader_of(services, visitor).say, cancelled.error(), {});
        co_return ask_cancel(services, visitor, request, *event, reason, errors, status);
    }
    co_return done(organise_path(request.param("slug"), event->id), "event-cancelled");
}

awaitable<Response> registration_post(WebServices const& services, Visitor visitor, Request& request) {
    auto const event = co_await find_organised(services, visitor, request);
    if (!event) co_return failure_page(services, visitor, request, event.error());
    auto const id = core::parse_id(request.param("registration"));
    auto const form = request.form().value_or(http::Fields{});
    auto const answer = form.get("answer").value_or("") == "approve" ? usecases::Answer::approve : usecases::Answer::cancel;
    auto const context = context_of(services, visitor);
    auto const changed = co_await services.db.write([&](Transaction& tx) -> result<domain::Registration> {
        if (!id) return Failure(errc::not_found, "There is no such registration.");
        CONVOKE_TRY(registration, usecases::find_registration(tx, context, *id));
        if (registration.event_id != event->id) return Failure(errc::not_found, "There is no such registration.");
        return usecases::answer_registration(tx, context, *id, answer);
    });
    if (!changed) co_return failure_page(services, visitor, request, changed.error());
    co_return done(organise_path(request.param("slug"), event->id), "registration-changed");
}

}  // namespace convoke::web
