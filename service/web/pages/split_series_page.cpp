#include "service/web/pages/split_series_page.hpp"

#include "service/usecases/event_split.hpp"
#include "service/web/pages/organised_event.hpp"
#include "service/web/views/organise_view.hpp"
#include "service/web/views/split_series.hpp"

namespace convoke::web {

namespace {

Response show(WebServices const& services, Visitor const& visitor, Request const& request, SplitFacts const& facts, int status) {
    auto const reader = reader_of(services, visitor);
    Frame frame = frame_for(reader, request, facts.event, reader.say("Change this and all following dates"));
    frame.status = status;
    return render_page(services, visitor, request, "pages/split_series.html", frame, split_series_view(reader, facts));
}

}  // namespace

awaitable<Response> split_series_form(WebServices const& services, Visitor visitor, Request& request) {
    auto const event = co_await find_organised(services, visitor, request);
    if (!event) co_return failure_page(services, visitor, request, event.error());
    co_return show(services, visitor, request, {request.param("slug"), *event, {}, {}, {}}, 200);
}

awaitable<Response> split_series_post(WebServices const& services, Visitor visitor, Request& request) {
    auto const event = co_await find_organised(services, visitor, request);
    if (!event) co_return failure_page(services, visitor, request, event.error());
    auto const form = request.form().value_or(http::Fields{});
    SplitFacts facts{request.param("slug"), *event, {}, {}, {}};
    for (auto const& [name, value] : form.items()) facts.entered.emplace(name, value);
    auto const say = reader_of(services, visitor).say;
    auto const wanted = split_wanted(say, event->definition, facts.entered, facts.errors);
    if (!wanted) co_return show(services, visitor, request, facts, 422);

    auto const context = context_of(services, visitor);
    bool const sure = form.get("sure").value_or("") == "yes";
    if (!sure) {
        auto const reach = co_await services.db.read(
            [&](Transaction& tx) { return usecases::split_reach(tx, context, event->id, wanted->from); });
        if (!reach) co_return failure_page(services, visitor, request, reach.error());
        facts.reach = SplitFacts::Reach{wanted->from, reach->dates, reach->people};
        co_return show(services, visitor, request, facts, 200);
    }
    auto const rest = co_await services.db.write([&](Transaction& tx) {
        return usecases::split_event(tx, context, event->id, wanted->revision.value_or(event->revision), {wanted->from, wanted->definitions, {}});
    });
    if (!rest) {
        int const status = services.problem_of(rest.error()).status;
        if (status >= 500) co_return failure_page(services, visitor, request, rest.error());
        facts.errors.add(say, rest.error(), split_fields());
        co_return show(services, visitor, request, facts, status);
    }
    co_return done(organise_path(request.param("slug"), rest->id), "split");
}

}  // namespace convoke::web
