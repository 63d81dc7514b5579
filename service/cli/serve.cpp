#include "service/cli/serve.hpp"

#include "notifications/dispatcher.hpp"
#include "notifications/rendering/templates.hpp"
#include "service/api/answer_routes.hpp"
#include "service/api/audit_routes.hpp"
#include "service/api/api_limits.hpp"
#include "service/api/community_routes.hpp"
#include "service/api/event_routes.hpp"
#include "service/api/failure_response.hpp"
#include "service/api/group_routes.hpp"
#include "service/api/health_routes.hpp"
#include "service/api/member_routes.hpp"
#include "service/api/openapi_routes.hpp"
#include "service/api/programme_routes.hpp"
#include "service/api/webhook_routes.hpp"
#include "service/cli/answers_by_mail.hpp"
#include "service/cli/background.hpp"
#include "service/cli/clock_check.hpp"
#include "service/cli/mail_settings.hpp"
#include "service/cli/operator_figures.hpp"
#include "service/cli/process_figures.hpp"
#include "service/core/crypto.hpp"
#include "service/core/log.hpp"
#include "service/core/spawn.hpp"
#include "service/feeds/feed_routes.hpp"
#include "service/http/overload.hpp"
#include "service/http/server.hpp"
#include "service/jobs/database_outbox.hpp"
#include "service/jobs/planner.hpp"
#include "service/usecases/outbox.hpp"
#include "service/web/assets.hpp"
#include "service/web/routes.hpp"
#include "service/usecases/zone_data.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/co_spawn.hpp>

#include <csignal>
#include <iostream>
#include <thread>

namespace convoke::cli {

namespace asio = boost::asio;
namespace log = core::log;

namespace {

std::string host_of(std::string url) {
    url.erase(0, url.find("://") == std::string::npos ? 0 : url.find("://") + 3);
    url.erase(std::min(url.find('/'), url.size()));
    std::size_t const colon = url.rfind(':');
    if (colon != std::string::npos && url.find(']', colon) == std::string::npos) url.erase(colon);
    return url;
}

http::ServerOptions server_options(config::Settings const& settings, api::ApiLimits const& api_limits) {
    http::ServerOptions options;
    options.listen = settings.http.listen;
    options.tls_certificate = settings.http.tls_certificate;
    options.tls_key = settings.http.tls_key;
    options.trusted_proxies = settings.http.trusted_proxies;
    options.limited_elsewhere = [&api_limits](http::Request const& request) { return api_limits.is_known(request); };
    options.api_needs_tls = settings.http.base_url.starts_with("https://");
    options.limits.connections = static_cast<std::size_t>(settings.http.connections);
    options.limits.connections_per_address = static_cast<std::size_t>(settings.http.connections_per_address);
    // The address itself stays reachable, for scripts on the machine; names are only those of base_url.
    if (!settings.http.base_url.empty())
        options.hosts = {host_of(settings.http.base_url), host_of(settings.http.listen), "localhost", "127.0.0.1", "[::1]"};
    return options;
}

}  // namespace

// Members are destroyed in reverse: whoever refers to another stands below it.
class Application {
public:
    explicit Application(Environment& environment)
        : settings_(environment.settings()), clock_guard_(environment.clock(), clock_floor(settings_.store.url)), db_(environment.database()), instance_(environment.instance()),
          clock_(environment.clock()), catalogue_(make_catalogue()), templates_(catalogue_),
          transport_(Environment::need(notifications::make_transport(transport_options(settings_), mail_io_.get_executor()))),
          outbox_(db_, instance_, clock_, mail_identity(), "dispatcher-" + core::base32_encode(core::random_bytes(10))),
          dispatcher_(held_outbox_, *transport_, templates_, [this] { return clock_.now(); },
                      [](std::string_view line) { log::info("mail", "dispatcher", {{"what", line}}); }, mail_io_.get_executor()),
          planner_(db_, instance_, clock_, [this] { return clock_guard_.hold(); }, mail_io_.get_executor()),
          background_(settings_, db_, instance_, clock_, clock_guard_, templates_),
          answers_(settings_, db_, instance_, clock_),
          api_limits_({.requests_per_second = static_cast<double>(settings_.http.api_requests_per_second),
                       .burst = static_cast<double>(settings_.http.api_request_burst)}),
          api_{db_, instance_, clock_, &api_limits_}, health_(health()),
          feeds_{db_, instance_, clock_, cache_, [this](std::int64_t person, std::string_view client) { background_.feed_fetched(person, client); }},
          web_{db_, instance_, clock_, templates_, web::web_files(), api::problem_of, "Convoke"},
          server_(executors(), routes(), with_guard(server_options(settings_, api_limits_))) {
        guard_.watch(executors());
    }

    int run() {
        db_.on_commit([this] {
            cache_.database_changed();
            dispatcher_.wake();
            background_.wake();
        });
        server_.start();  // first: a second service started by mistake ends here and touches no lease
        if (db_.dialect() == store::Dialect::sqlite)
            Environment::need(db_.write_now([](store::Transaction& tx) -> result<void> {
                usecases::reclaim_all_leases(tx);
                return {};
            }));
        if (!clock_guard_.hold()) tell(Environment::need(db_.write_now([this](store::Transaction& tx) { return zone_data_news(tx); })));
        if (settings_.http.base_url.empty()) {
            // Port 0 is known only now; nothing has been served yet.
            std::string const host = settings_.http.listen.substr(0, settings_.http.listen.rfind(':'));
            instance_.base_url = (settings_.http.tls_certificate.empty() ? "http://" : "https://") + host + ":" + std::to_string(server_.port());
        }
        std::signal(SIGPIPE, SIG_IGN);
        std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a full disk, no reason to end
        answers_.start();
        wait_for_signals();

        auto dispatched = asio::co_spawn(mail_io_, run_under_a_right_clock(dispatcher_), asio::use_future);
        auto planned = asio::co_spawn(mail_io_, run_under_a_right_clock(planner_), asio::use_future);
        std::thread mail_thread([this] { mail_io_.run(); });
        background_.start();
        std::vector<std::thread> http_threads;
        for (auto const& loop : more_loops_) http_threads.emplace_back([&loop] { loop->run(); });
        log::info("serve", "ready", {{"address", settings_.http.listen}, {"port", server_.port()}, {"base", instance_.base_url}});
        std::cerr << "convoke: serving " << instance_.base_url << std::endl;
        http_io_.run();  // until drained
        for (std::thread& thread : http_threads) thread.join();

        answers_.stop();
        background_.stop();
        dispatched.get();
        planned.get();
        asio::co_spawn(mail_io_, transport_->close(), asio::use_future).get();
        mail_io_.stop();
        mail_thread.join();
        db_.drain_and_close();
        log::info("serve", "stopped");
        return 0;
    }

private:
    static rendering::Catalogue make_catalogue() {
        rendering::Catalogue catalogue = rendering::letter_catalogue();
        web::add_web_messages(catalogue);
        return catalogue;
    }

    jobs::MailIdentity mail_identity() const {
        std::string const& from = settings_.mail.from.empty() ? settings_.mail.reply_to : settings_.mail.from;
        return {from, "Convoke", settings_.mail.reply_to};
    }

    api::HealthServices health() {
        return {.db = db_,
                .instance = instance_,
                .clock = clock_,
                .mail = [this] {
                    auto const status = dispatcher_.status();
                    return api::MailHealth{status.paused, status.reason, outbox_.counts().last_sent()};
                },
                .clock_wrong = [this] { return clock_guard_.holding(); },
                .certificate_ends = [this] { return server_.certificate_expires(); },
                .folders = written_folders(settings_),
                .metrics_token = settings_.http.metrics_token,
                .figures = {[this](core::MetricsText& text) { write_http(text); },
                            [this](core::MetricsText& text) { outbox_.counts().write(text); },
                            [this](core::MetricsText& text) { background_.write(text); },
                            [this](core::MetricsText& text) { write_feeds(text); },
                            [this](core::MetricsText& text) { process_.write(text); }}};
    }

    void write_http(core::MetricsText& text) const {
        requests_.write(text);
        text.gauge("convoke_http_requests_running", "Requests in a handler.", static_cast<double>(*running_));
        text.gauge("convoke_http_connections", "Open connections.", static_cast<double>(server_.connections()));
    }

    void write_feeds(core::MetricsText& text) const {
        auto const feeds = cache_.figures();
        text.family("convoke_feed_lookups_total", "counter", "Calendars asked for, by whether the finished text was there.");
        text.sample("", {{"result", "hit"}}, feeds.hits);
        text.sample("", {{"result", "miss"}}, feeds.misses);
        text.gauge("convoke_feed_cache_bytes", "Bytes of finished calendars in memory.", static_cast<double>(feeds.bytes));
    }

    // One loop a thread: a connection never changes its thread, so nothing on its way needs a lock.
    std::vector<asio::any_io_executor> executors() {
        while (std::ssize(more_loops_) + 1 < settings_.http.threads) {
            more_loops_.push_back(std::make_unique<asio::io_context>(1));
            more_work_.push_back(asio::make_work_guard(*more_loops_.back()));
        }
        std::vector<asio::any_io_executor> all{http_io_.get_executor()};
        for (auto const& loop : more_loops_) all.push_back(loop->get_executor());
        return all;
    }

    http::ServerOptions with_guard(http::ServerOptions options) {
        options.overload = &guard_;
        options.observer = [this](http::Exchange const& exchange) {
            requests_.observe(exchange);
            http::log_exchange(exchange);
        };
        return options;
    }

    http::Router routes() {
        rendering::add_letter_templates(templates_);
        web::add_web_templates(templates_);
        templates_.check();
        http::Router router;
        running_ = router.running();
        api::add_health_routes(router, health_);
        api::add_community_routes(router, api_);
        api::add_member_routes(router, api_);
        api::add_group_routes(router, api_);
        api::add_programme_routes(router, api_);
        api::add_event_routes(router, api_);
        api::add_registration_routes(router, api_);
        api::add_outbox_routes(router, api_);
        api::add_answer_routes(router, api_);
        api::add_audit_routes(router, api_);
        api::add_webhook_routes(router, api_);
        feeds::add_feed_routes(router, feeds_);
        web::add_web_routes(router, web_);
        api::add_openapi_routes(router, api_);  // last: it compares
        return router;
    }

    // Mails and reminders wait until the clock can be right, and what they say of times with them. On the mail's thread.
    template <class Job>
    asio::awaitable<void> run_under_a_right_clock(Job& job) {
        asio::steady_timer pause(mail_io_);
        while (co_await clock_guard_.wait()) {
            if (zone_data_followed_) co_return co_await job.run();
            auto const news = co_await db_.write([this](store::Transaction& tx) { return zone_data_news(tx); });
            if (news) {
                tell(*news);
                continue;
            }
            log::error("serve", "clock_rules_not_followed", {{"why", news.error().detail}});
            pause.expires_after(std::chrono::seconds(1));
            co_await pause.async_wait(asio::use_awaitable);
        }
    }

    // Before anything is mailed: a new tz database moves what is kept as wall time.
    result<usecases::ZoneDataNews> zone_data_news(store::Transaction& tx) {
        usecases::Context const context{instance_, clock_.now(), domain::Actor::service()};
        return usecases::follow_zone_data(tx, context);
    }

    void tell(usecases::ZoneDataNews const& news) {
        zone_data_followed_ = true;
        for (std::string const& zone : news.zones) log::warn("serve", "clock_rules_changed", {{"zone", zone}});
        if (news.moved > 0) log::warn("serve", "events_moved_with_the_clock_rules", {{"events", news.moved}});
    }

    void wait_for_signals() {
        signals_.async_wait([this](boost::system::error_code error, int signal) {
            if (error) return;
            if (signal == SIGHUP) {
                try {
                    server_.reload_certificates();
                    log::info("serve", "certificates_reloaded");
                } catch (std::exception const& refused) {
                    log::error("serve", "certificates_refused", {{"why", refused.what()}});
                }
                return wait_for_signals();
            }
            log::info("serve", "draining");
            // Mail and clients have their time to finish side by side. A mail caused from now on leaves after the next start.
            clock_guard_.stop();
            planner_.stop();
            dispatcher_.stop();
            background_.finish();
            answers_.finish();
            core::spawn(http_io_.get_executor(), "drain", drain());
        });
    }

    asio::awaitable<void> drain() {
        co_await server_.drain(std::chrono::milliseconds(4000));
        for (auto const& loop : more_loops_) loop->stop();
        http_io_.stop();
    }

    config::Settings const& settings_;
    ClockGuard clock_guard_;
    bool zone_data_followed_ = false;
    store::Database& db_;
    usecases::Instance& instance_;
    core::Clock const& clock_;
    asio::io_context http_io_{1}, mail_io_{1};
    std::vector<std::unique_ptr<asio::io_context>> more_loops_;
    std::vector<asio::executor_work_guard<asio::io_context::executor_type>> more_work_;
    asio::executor_work_guard<asio::io_context::executor_type> mail_work_{mail_io_.get_executor()};
    asio::signal_set signals_{http_io_, SIGTERM, SIGINT, SIGHUP};
    rendering::Catalogue catalogue_;
    rendering::Templates templates_;
    feeds::FeedCache cache_;
    std::unique_ptr<notifications::Transport> transport_;
    jobs::DatabaseOutbox outbox_;
    HeldOutbox held_outbox_{outbox_, clock_guard_};
    notifications::Dispatcher dispatcher_;
    jobs::Planner planner_;
    Background background_;
    AnswersByMail answers_;
    api::ApiLimits api_limits_;
    api::ApiServices api_;
    http::RequestMetrics requests_;
    std::shared_ptr<std::atomic<std::int64_t> const> running_;
    ProcessFigures process_{db_.dialect()};
    api::HealthServices health_;
    feeds::FeedServices feeds_;
    web::WebServices web_;
    http::OverloadGuard guard_{[this] { return server_.connections(); }};
    http::Server server_;
};

int serve(Environment& environment) { return Application(environment).run(); }

}  // namespace convoke::cli
