#include "service/cli/background.hpp"

#include "service/cli/environment.hpp"
#include "service/cli/idle_memory.hpp"
#include "service/core/crypto.hpp"
#include "service/core/log.hpp"
#include "service/core/public_address.hpp"
#include "service/core/spawn.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

namespace convoke::cli {

namespace asio = boost::asio;

namespace {

bool is_public(asio::ip::address const& address) {
    return address.is_v4() ? core::is_public_ipv4(address.to_v4().to_bytes()) : core::is_public_ipv6(address.to_v6().to_bytes());
}

notifications::DispatcherOptions dispatcher_options() {
    notifications::DispatcherOptions options;
    options.first_retry = std::chrono::seconds(5);
    options.give_up = usecases::pause_after;
    options.claims_per_connection = 2;
    options.drain = std::chrono::milliseconds(1500);  // what is broken off is made again
    return options;
}

}  // namespace

Background::Background(config::Settings const& settings, store::Database& db, usecases::Instance const& instance, core::Clock const& clock,
                       ClockGuard& guard, rendering::Templates const& templates)
    : guard_(guard),
      outbox_(db, instance, clock, "webhooks-" + core::base32_encode(core::random_bytes(10))),
      transport_(Environment::need(notifications::make_webhook_transport(
          {.ca_file = settings.webhooks.ca_file,
           .allowed = [anything = settings.webhooks.allow_private](asio::ip::address const& address) { return anything || is_public(address); },
           .user_agent = std::string("Convoke/") + CONVOKE_VERSION,
           .unix_now = [&clock] { return std::int64_t(clock.now().time_since_epoch().count()); },
           .call = [this](std::string const& delivery) { return outbox_.call(delivery); }},
          io_.get_executor()))),
      dispatcher_(held_outbox_, *transport_, templates, [&clock] { return clock.now(); },
                  [](std::string_view line) { core::log::info("webhooks", "dispatcher", {{"what", line}}); }, io_.get_executor(),
                  dispatcher_options()),
      chain_(db, io_.get_executor()),
      fetches_(db, clock, io_.get_executor()) {}

void Background::start() {
    dispatched_ = asio::co_spawn(io_, dispatcher_.run(), asio::use_future);
    chained_ = asio::co_spawn(io_, chain_.run(), asio::use_future);
    fetched_ = asio::co_spawn(io_, fetches_.run(), asio::use_future);
    core::spawn(io_.get_executor(), "idle-memory", give_back_idle_memory());
    thread_ = std::thread([this] { io_.run(); });
}

void Background::write(core::MetricsText& text) const {
    auto const& counts = outbox_.counts;
    text.family("convoke_webhook_tries_total", "counter", "Tries to deliver to a webhook, by what became of them.");
    text.sample("", {{"outcome", "delivered"}}, std::uint64_t(counts.delivered));
    text.sample("", {{"outcome", "deferred"}}, std::uint64_t(counts.deferred));
    text.sample("", {{"outcome", "failed"}}, std::uint64_t(counts.failed));
}

void Background::stop() {
    if (!thread_.joinable()) return;
    dispatcher_.stop();
    dispatched_.get();
    fetches_.stop();
    fetched_.get();
    chain_.stop();
    chained_.get();
    io_.stop();
    thread_.join();
}

}  // namespace convoke::cli
