// Named values that belong to the installation, made once. Inside a transaction only.
#pragma once

#include "service/store/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace convoke::store {

std::optional<std::string> find_value(Transaction& tx, std::string_view name);

// The value of this name; `fresh` becomes it if there was none. All processes get the same.
std::string find_or_add_value(Transaction& tx, std::string_view name, std::string_view fresh);

void set_value(Transaction& tx, std::string_view name, std::string_view value);

// 32 random bytes from which all derived tokens come (usecases::Instance::secret); kept in hex.
std::string instance_secret(Transaction& tx);

}  // namespace convoke::store
