// Conditional changes (RFC 9110 §13.1.1, RFC 6585 §3): a PATCH says which version it was made for.
// The ETag of a resource is "r" and its revision. Any thread; plain values.
#pragma once

#include "calendar/failure.hpp"
#include "service/http/message.hpp"
#include "service/usecases/revision.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace convoke::api {

using usecases::revision_etag;

class Condition {
public:
    Condition() = default;
    explicit Condition(std::optional<std::string> if_match) : if_match_(std::move(if_match)) {}

    // Inside the transaction that makes the change: errc::changed_meanwhile with arguments["currentEtag"].
    result<void> check(std::int64_t current_revision) const;

private:
    std::optional<std::string> if_match_;
};

// errc::precondition_required without If-Match, bad_request for one that is no list of ETags.
result<Condition> required_condition(http::Request const& request);
// Where If-Match may be left out.
result<Condition> optional_condition(http::Request const& request);

}  // namespace convoke::api
