#include "service/jobs/audit_chain.hpp"

#include "service/core/log.hpp"
#include "service/usecases/audit.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace convoke::jobs {

namespace asio = boost::asio;
using store::Transaction;

namespace {
constexpr std::chrono::seconds every{1};
constexpr std::size_t at_once = 500;
}  // namespace

AuditChain::AuditChain(store::Database& db, asio::any_io_executor executor) : db_(db), executor_(std::move(executor)), timer_(executor_) {}

asio::awaitable<void> AuditChain::run() {
    bool last = false;
    while (!last) {
        last = stopped_;
        try {
            co_await round();
        } catch (std::exception const& fault) {
            core::log::error("audit", "not_chained", {{"why", fault.what()}});
        }
        if (last) break;
        timer_.expires_after(every);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

asio::awaitable<void> AuditChain::round() {
    auto const any = co_await db_.read([](Transaction& tx) -> result<bool> { return usecases::anything_to_chain(tx); });
    if (!any || !*any) co_return;
    while (true) {
        auto const chained = co_await db_.write([](Transaction& tx) -> result<std::int64_t> { return usecases::chain_audit(tx, at_once); });
        if (!chained || *chained < static_cast<std::int64_t>(at_once)) co_return;
    }
}

void AuditChain::stop() {
    asio::post(executor_, [this] {
        stopped_ = true;
        timer_.cancel();
    });
}

}  // namespace convoke::jobs
