// The frame around every call of the API: token, preparation, one transaction, answer.
//
//     router.add(http::Method::post, "/api/v1/communities", writing(services, [](http::Request const& request) -> result<Work> {
//         CONVOKE_TRY(body, json_object(request));
//         CONVOKE_TRY(wanted, domain::decode_community(body));
//         return Work([wanted](Transaction& tx, Context const& context) -> result<http::Response> { … });
//     }));
//
// The preparation runs on the connection's loop: reading and validating the request is kept off the database's
// thread. The work runs inside one transaction, together with looking up the token; it may be rerun, so it must own
// what it needs and not use it up. A Failure of either becomes a problem document (failure_response.hpp). Who comes
// without a valid token gets 401 whatever else is wrong.
//
// A POST with an Idempotency-Key is done once: its reply is kept in the transaction of its effect, a refusal of the work
// in one of its own behind it; who repeats the request gets the same bytes. Not kept, because nothing began: 401, 429,
// 503, what was refused while preparing (400, 415, 422), and 500, which has changed nothing.
#pragma once

#include "service/api/api_services.hpp"
#include "service/http/router.hpp"

#include <functional>

namespace convoke::api {

using store::Transaction;
using usecases::Context;

using Work = std::function<result<http::Response>(Transaction&, Context const&)>;
using Prepare = std::function<result<Work>(http::Request const&)>;

// `services` must outlive the handler.
http::Handler reading(ApiServices const& services, Prepare prepare);
http::Handler writing(ApiServices const& services, Prepare prepare);

}  // namespace convoke::api
