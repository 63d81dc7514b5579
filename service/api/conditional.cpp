#include "service/api/conditional.hpp"

#include "service/http/etag.hpp"

namespace convoke::api {
namespace {

http::IfMatch compare(std::string const& if_match, std::string_view etag) {
    http::Request probe;
    probe.headers.set("If-Match", if_match);
    return http::if_match(probe, etag);
}

}  // namespace

result<void> Condition::check(std::int64_t current_revision) const {
    if (!if_match_ || compare(*if_match_, revision_etag(current_revision)) == http::IfMatch::matches) return {};
    return usecases::check_revision(current_revision - 1, current_revision);
}

result<Condition> required_condition(http::Request const& request) {
    if (!request.headers.has("If-Match"))
        return Failure(errc::precondition_required,
                       "say which version you changed: If-Match with the ETag that GET answered");
    return optional_condition(request);
}

result<Condition> optional_condition(http::Request const& request) {
    auto if_match = request.headers.joined("If-Match");
    if (if_match && compare(*if_match, "\"r0\"") == http::IfMatch::malformed)
        return Failure(errc::bad_request, "If-Match must hold an ETag in quotes as GET answered it, like \"r3\"");
    return Condition(std::move(if_match));
}

}  // namespace convoke::api
