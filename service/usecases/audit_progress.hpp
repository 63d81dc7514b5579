// Following the audit log's chain where somebody waits for it: usecases/audit.hpp's verify_audit(), and how far it is.
#pragma once

#include "service/usecases/audit.hpp"

#include <functional>

namespace convoke::usecases {

// `progress`: lines checked so far, of how many.
AuditCheck verify_audit(Transaction& tx, std::string const& known_head, std::function<void(std::size_t, std::size_t)> const& progress);

}  // namespace convoke::usecases
