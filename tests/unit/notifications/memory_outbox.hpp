// The outbox port over memory, and a transport that does as a test says. One thread.
#pragma once

#include "notifications/outbox_port.hpp"
#include "notifications/transport.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <set>

namespace convoke::test {

struct MemoryMail {
    std::int64_t id = 0;
    notifications::LetterFacts facts;
    std::string state = "pending";  // sending, sent, failed, superseded
    int attempts = 0;
    calendar::sys_seconds due, created;
    std::string reason;
    std::optional<notifications::Envelope> frozen;
    int froze = 0;                  // how often bytes were written down
    std::optional<std::string> superseded;
    std::optional<errc> unreadable;
};

class MemoryOutbox final : public notifications::OutboxPort {
public:
    explicit MemoryOutbox(std::function<calendar::sys_seconds()> clock) : clock_(std::move(clock)) {}

    MemoryMail& add(std::int64_t id);
    std::size_t count(std::string const& state) const;

    boost::asio::awaitable<result<std::vector<notifications::ClaimedMail>>> claim(std::size_t max) override;
    boost::asio::awaitable<result<notifications::Rendering>> facts(std::int64_t id) override;
    boost::asio::awaitable<result<std::vector<std::int64_t>>> freeze(std::vector<notifications::FrozenMail> mails) override;
    boost::asio::awaitable<result<void>> settle(std::vector<notifications::Settlement> settlements) override;
    boost::asio::awaitable<result<std::vector<std::int64_t>>> renew(std::vector<std::int64_t> ids) override;

    std::map<std::int64_t, MemoryMail> mails;
    std::size_t claims = 0, largest_claim = 0, renewals = 0, settled = 0;
    int failing_claims = 0, failing_settles = 0, failing_freezes = 0;  // so many calls fail first
    bool throws = false;                                               // … with an exception
    std::set<std::int64_t> stolen;                                     // no longer ours

private:
    result<void> trouble(int& left);
    std::function<calendar::sys_seconds()> clock_;
};

struct Attempt {
    std::int64_t number;  // the mail's id, from its Message-ID
    std::string message_id, bytes;
};

class FakeTransport final : public notifications::Transport {
public:
    explicit FakeTransport(std::size_t lanes) : lanes_(lanes) {}

    boost::asio::awaitable<notifications::Delivery> send(notifications::Envelope envelope) override;
    boost::asio::awaitable<result<void>> check() override { co_return result<void>(); }
    std::size_t connections() const override { return lanes_; }
    void abort() override { aborted = true; }
    boost::asio::awaitable<void> close() override { co_return; }
    std::string describe() const override { return "fake"; }

    // Called for each attempt; the default is sent.
    std::function<notifications::Delivery(Attempt const&)> outcome;
    std::function<void(Attempt const&)> before;
    std::chrono::milliseconds takes{0};
    bool hangs = false, aborted = false;  // until abort()
    std::vector<Attempt> attempts;
    std::size_t busy = 0, most_busy = 0;

private:
    std::size_t lanes_;
};

}  // namespace convoke::test
