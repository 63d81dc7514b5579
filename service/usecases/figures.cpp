#include "service/usecases/figures.hpp"

namespace convoke::usecases {

Figures read_figures(Transaction& tx, Context const& context) { return store::read_figures(tx, context.now); }

std::optional<sys_seconds> oldest_due_mail(Transaction& tx, Context const& context) { return store::oldest_due_mail(tx, context.now); }

}  // namespace convoke::usecases
