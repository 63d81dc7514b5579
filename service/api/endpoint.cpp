#include "service/api/endpoint.hpp"

#include "service/api/api_limits.hpp"
#include "service/api/authentication.hpp"
#include "service/api/failure_response.hpp"
#include "service/api/idempotency.hpp"
#include "service/http/etag.hpp"

namespace convoke::api {
namespace {

http::Response with_validator(http::Request const& request, http::Response response) {
    if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "private, no-cache");
    if (response.status != 200) return response;
    std::string const etag(response.headers.get("ETag").value_or(""));
    std::string const validator = etag.empty() ? http::strong_etag(response.body()) : etag;
    return http::conditional(request, std::move(response), validator);
}

// One call: who asks, what for, and under which key.
struct Call {
    ApiServices const& services;
    http::Request const& request;
    std::string token;
    result<Work> work;
    std::optional<usecases::IdempotentRequest> key = std::nullopt;
    bool authenticated = false;
    bool began = false;  // what the work refuses from here on is an answer that is kept
};

result<Context> context_of(Call const& call, Transaction& tx) {
    CONVOKE_TRY(actor, authenticate(tx, call.token));
    return Context{call.services.instance, call.services.clock.now(), std::move(actor), call.request.request_id};
}

void keep(Call const& call, Transaction& tx, Context const& context, http::Response const& response) {
    usecases::keep_reply(tx, context, *call.key, stored_text(response), email_in(call.request, response));
}

// The work with its reply, or the reply it had before.
result<http::Response> perform(Call& call, Transaction& tx) {
    call.authenticated = call.began = false;
    CONVOKE_TRY(context, context_of(call, tx));
    call.authenticated = true;
    if (call.key) {
        CONVOKE_TRY(stored, call.work ? usecases::claim_key(tx, context, *call.key) : usecases::recall_reply(tx, context, *call.key));
        if (stored) return replayed(*stored);
    }
    if (!call.work) return call.work.error();
    call.began = true;
    auto response = (*call.work)(tx, context);
    if (response && call.key) keep(call, tx, context, *response);
    return response;
}

// A refusal has been rolled back with all the work did, so it is kept in a transaction of its own. A retry that came in
// between has the first word.
result<http::Response> keep_refusal(Call const& call, Transaction& tx, http::Response const& refusal) {
    CONVOKE_TRY(context, context_of(call, tx));
    CONVOKE_TRY(stored, usecases::claim_key(tx, context, *call.key));
    if (stored) return replayed(*stored);
    keep(call, tx, context, refusal);
    return refusal;
}

http::Handler frame(ApiServices const& services, Prepare prepare, bool writes) {
    return [&services, prepare = std::move(prepare), writes](http::Request& request) -> boost::asio::awaitable<http::Response> {
        auto const token = bearer_token(request);
        if (!token) co_return failure_response(request, unauthenticated());
        if (services.limits) {
            auto const admitted = services.limits->admit(request, *token, std::chrono::steady_clock::now());
            if (!admitted) co_return failure_response(request, admitted.error());
        }

        Call call{services, request, *token, prepare(request)};
        auto const key = idempotency_key(request);
        if (!key) call.work = key.error();
        else if (*key) call.key = idempotent_request(services.instance, request, **key);

        auto job = [&](Transaction& tx) { return perform(call, tx); };
        result<http::Response> answer = http::Response();
        // What was refused while preparing only needs to know who asked, and whether it was done before.
        if (writes && call.work)
            answer = co_await services.db.write(job);
        else
            answer = co_await services.db.read(job);
        if (services.limits) {
            if (call.authenticated) services.limits->known(*token);
            else if (!answer && answer.error().code == errc::unauthenticated) services.limits->unknown(*token);
        }
        if (!answer && call.key && call.began && is_final(answer.error())) {
            auto const refusal = failure_response(request, answer.error());
            answer = co_await services.db.write([&](Transaction& tx) { return keep_refusal(call, tx, refusal); });
        }
        if (!answer) co_return failure_response(request, answer.error());
        if (!writes) co_return with_validator(request, *std::move(answer));
        answer->headers.set("Cache-Control", "no-store");
        co_return *std::move(answer);
    };
}

}  // namespace

http::Handler reading(ApiServices const& services, Prepare prepare) {
    return frame(services, std::move(prepare), false);
}

http::Handler writing(ApiServices const& services, Prepare prepare) {
    return frame(services, std::move(prepare), true);
}

}  // namespace convoke::api
