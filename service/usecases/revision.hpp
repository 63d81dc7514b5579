// Optimistic locking: a change is made to the version its author saw, or not at all (RFC 9110 §13.1.1).
#pragma once

#include "calendar/failure.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace convoke::usecases {

// The validator of a resource, as it stands in the ETag header.
inline std::string revision_etag(std::int64_t revision) { return "\"r" + std::to_string(revision) + "\""; }

// errc::changed_meanwhile with arguments["currentEtag"]; nothing is asked of a caller without expectation.
inline result<void> check_revision(std::optional<std::int64_t> expected, std::int64_t current) {
    if (!expected || *expected == current) return {};
    Failure failure(errc::changed_meanwhile, "somebody else changed this in the meantime: fetch it and try again");
    failure.arguments["currentEtag"] = revision_etag(current);
    return failure;
}

}  // namespace convoke::usecases
