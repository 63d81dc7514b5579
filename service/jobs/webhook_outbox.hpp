// The dispatcher's port over the deliveries in the outbox: the same claims, leases, back-off and marks as mail's, in a
// queue of their own. Their bytes are written by the verbs, so there is nothing to render.
// Used on the webhook dispatcher's executor.
#pragma once

#include "notifications/outbox_port.hpp"
#include "notifications/webhook_transport.hpp"
#include "service/core/clock.hpp"
#include "service/store/database.hpp"
#include "service/usecases/webhooks.hpp"

#include <atomic>
#include <map>
#include <string>

namespace convoke::jobs {

class WebhookOutbox final : public notifications::OutboxPort {
public:
    // `owner` names this process's leases; all references must outlive the port.
    WebhookOutbox(store::Database& db, usecases::Instance const& instance, core::Clock const& clock, std::string owner);

    boost::asio::awaitable<result<std::vector<notifications::ClaimedMail>>> claim(std::size_t max) override;
    boost::asio::awaitable<result<notifications::Rendering>> facts(std::int64_t id) override;
    boost::asio::awaitable<result<std::vector<std::int64_t>>> freeze(std::vector<notifications::FrozenMail> mails) override;
    boost::asio::awaitable<result<void>> settle(std::vector<notifications::Settlement> settlements) override;
    boost::asio::awaitable<result<std::vector<std::int64_t>>> renew(std::vector<std::int64_t> ids) override;

    // For the transport: where a claimed delivery goes and what signs it.
    std::optional<notifications::WebhookCall> call(std::string const& delivery) const;

    // Since start; any thread.
    struct Counts {
        std::atomic<std::uint64_t> delivered{0}, deferred{0}, failed{0};
    } counts;

private:
    usecases::Context context() const;

    store::Database& db_;
    usecases::Instance const& instance_;
    core::Clock const& clock_;
    std::string owner_;
    std::map<std::string, notifications::WebhookCall> calls_;  // of what is claimed
    std::chrono::steady_clock::time_point tidied_{};
};

}  // namespace convoke::jobs
