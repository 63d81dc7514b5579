// How every derived token is made; see capability.hpp. For the use cases only.
#pragma once

#include "service/usecases/context.hpp"

#include <optional>

namespace convoke::usecases {

std::string capability_text(Instance const& instance, std::string_view purpose, std::int64_t subject,
                            std::int64_t version);
// The subject a token claims; its MAC is not looked at.
std::optional<std::int64_t> capability_subject(std::string_view token);

}  // namespace convoke::usecases
