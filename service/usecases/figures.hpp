// What /metrics and /readyz read from the database.
#pragma once

#include "service/store/figures.hpp"
#include "service/usecases/context.hpp"

namespace convoke::usecases {

using store::Figures;

Figures read_figures(Transaction& tx, Context const& context);
// When the oldest mail that is due and has not left became due; nullopt: none waits.
std::optional<sys_seconds> oldest_due_mail(Transaction& tx, Context const& context);

}  // namespace convoke::usecases
