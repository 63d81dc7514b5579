// What Idempotency-Key means in HTTP (draft-ietf-httpapi-idempotency-key-header-07). Any thread; pure.
#pragma once

#include "calendar/failure.hpp"
#include "service/http/message.hpp"
#include "service/usecases/idempotency.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace convoke::api {

// The key of a POST: a string of RFC 8941 §3.3.3 ("8e03978e-40d5…", with its quotation marks) or the same bare, as most
// clients write it; 1 to 255 visible ASCII characters. nullopt without the header and for other methods, which are
// idempotent or ask for If-Match. errc::bad_request.
result<std::optional<std::string>> idempotency_key(http::Request const& request);

// Method, address with query, and body.
usecases::IdempotentRequest idempotent_request(usecases::Instance const& instance, http::Request const& request,
                                               std::string_view key);

// A response as it is stored: status, the header fields its handler set, and the body to the byte.
std::string stored_text(http::Response const& response);
// The same again, with Idempotent-Replayed: true. Throws std::runtime_error for what stored_text has not written.
http::Response replayed(std::string_view stored);

// The address of the person that a reply, or a refused request, speaks of; "" for nobody.
std::string email_in(http::Request const& request, http::Response const& response);

// Whether a refusal is an answer to this request that a retry is to get again: what passes by itself, and who may not
// ask, is not.
bool is_final(Failure const& failure);

}  // namespace convoke::api
