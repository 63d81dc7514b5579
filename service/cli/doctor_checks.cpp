#include "service/cli/doctor_checks.hpp"

#include "calendar/zone.hpp"
#include "service/cli/clock_check.hpp"
#include "service/cli/environment.hpp"
#include "service/cli/mail_settings.hpp"
#include "service/cli/tz_version.hpp"
#include "service/core/clock.hpp"
#include "service/http/tls.hpp"
#include "service/store/integrity.hpp"
#include "service/store/migrations.hpp"
#include "service/usecases/zone_data.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>

#include <sys/resource.h>

#include <filesystem>

namespace convoke::cli {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

// Of "https://events.example:8443/x": "events.example" and "8443".
std::pair<std::string, std::string> host_and_port(std::string url) {
    std::string port = url.starts_with("https://") ? "443" : "80";
    url.erase(0, url.find("://") + 3);
    url.erase(std::min(url.find('/'), url.size()));
    std::size_t const colon = url.rfind(':');
    if (colon != std::string::npos && url.find(']', colon) == std::string::npos) {
        port = url.substr(colon + 1);
        url.erase(colon);
    }
    if (url.starts_with('[')) url = url.substr(1, url.size() - 2);
    return {url, port};
}

std::string gigabytes(std::uintmax_t bytes) {
    auto const tenths = bytes / 100'000'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

std::string mail_remedy(std::string const& why) {
    if (why.find("refuses user") != std::string::npos) return "; is the password in mail.password_file the right one?";
    if (why.find("certificate") != std::string::npos) return "; name the host as its certificate does, and its authority in mail.ca_file";
    return "; is it there, and does mail.transport name it rightly?";
}

}  // namespace

std::string check_program() {
    return std::string("convoke ") + CONVOKE_VERSION + ", built " + CONVOKE_BUILD_DAY;
}

std::string check_database(config::Settings const& settings, bool deep) {
    std::string const& url = settings.store.url;
    std::string const engine = url.substr(0, url.find(':'));
    if (engine == "sqlite" && !fs::exists(url.substr(7))) return engine + ", not there yet: `convoke serve` or `convoke migrate` makes it";
    auto const database = store::open_database({.url = url, .readers = 1});
    auto const version = Environment::need(store::schema_version(*database));
    if (!Environment::need(store::schema_is_current(*database)))
        throw CommandFailed("its schema " + std::to_string(version) + " is older than this program's: run `convoke migrate`");
    // A transaction of the writer that is rolled back: the engine lets us write, and nothing is written.
    bool reached = false;
    auto const written = database->write_now([&](store::Transaction&) -> result<int> {
        reached = true;
        return Failure(errc::invalid_state, "looked only");
    });
    if (!reached) throw CommandFailed(written.error());
    std::string text = engine + ", schema " + std::to_string(version) + ", writable";
    if (deep && engine == "sqlite") {
        auto const damage = Environment::need(database->read_now([](store::Transaction& tx) -> result<std::vector<std::string>> { return store::find_damage(tx); }));
        if (!damage.empty()) throw std::runtime_error("the database is damaged: " + damage.front() + "; restore a copy");
        text += ", undamaged";
    }
    return text;
}

std::string check_disk(config::Settings const& settings) {
    std::string least;
    std::uintmax_t free = UINTMAX_MAX;
    for (std::string const& url : {settings.store.url, settings.mail.transport}) {
        if (!url.starts_with("sqlite:") && !url.starts_with("file:")) continue;
        fs::path folder = fs::absolute(url.substr(url.find(':') + 1)).parent_path();
        while (!fs::exists(folder) && folder.has_relative_path()) folder = folder.parent_path();
        auto const available = fs::space(folder).available;
        if (available < free) least = folder.string();
        free = std::min(free, available);
    }
    if (least.empty()) return "nothing is kept on this machine";
    std::string const text = gigabytes(free) + " free in " + least;
    if (free < 100'000'000) throw std::runtime_error(text + ": writing will soon fail; make room");
    if (free < 1'000'000'000) throw Warning(text + ": make room before it is full");
    return text;
}

// The zones whose rules changed since the service last started; empty where there is no database to ask.
static std::vector<std::string> zones_with_new_rules(config::Settings const& settings) {
    std::string const& url = settings.store.url;
    if (url.starts_with("sqlite:") && !fs::exists(url.substr(7))) return {};
    auto const database = store::open_database({.url = url, .readers = 1});
    auto const current = store::schema_is_current(*database);
    if (!current || !*current) return {};
    usecases::Instance const instance;
    usecases::Context const context{instance, core::SystemClock().now(), domain::Actor::service()};
    return Environment::need(database->read_now(
        [&](store::Transaction& tx) -> result<std::vector<std::string>> { return usecases::zones_not_followed(tx, context); }));
}

std::string check_zones(config::Settings const& settings) {
    // Summer in Brussels, Dublin and Athens: three zones whose hours members must be told rightly.
    auto const noon = calendar::local_seconds(calendar::local_days(std::chrono::year(2027) / 7 / 1)) + 12h;
    for (auto const& [zone, offset] : {std::pair("Europe/Brussels", 2h), std::pair("Europe/Dublin", 1h), std::pair("Europe/Athens", 3h)})
        if (calendar::to_instant(noon, zone).time_since_epoch() != noon.time_since_epoch() - offset)
            throw CommandFailed(std::string("the time zone data is wrong for ") + zone + ": install the package tzdata");
    if (auto const changed = zones_with_new_rules(settings); !changed.empty()) {
        std::string names;
        for (std::string const& zone : changed) names += (names.empty() ? "" : ", ") + zone;
        throw Warning(tz_version() + "; the clock rules changed for " + names + ": restart `convoke serve`, which moves what they touch and writes to the people");
    }
    return tz_version() + "; Brussels, Dublin and Athens are right in summer 2027";
}

std::string check_mail(config::Settings const& settings) {
    std::string const& url = settings.mail.transport;
    if (url.starts_with("file:") && !fs::exists(url.substr(5))) return url + ", not there yet: `convoke serve` makes it";
    asio::io_context io;
    auto const transport = Environment::need(notifications::make_transport(transport_options(settings), io.get_executor()));
    auto checked = asio::co_spawn(io, transport->check(), asio::use_future);
    io.run();
    if (auto const answer = checked.get(); !answer) throw std::runtime_error(answer.error().detail + mail_remedy(answer.error().detail));
    if (url.starts_with("file:")) return transport->describe() + ": mails become files and reach nobody; set mail.transport to send them";
    return transport->describe();
}

std::string check_mailbox(config::Settings const& settings) {
    asio::io_context io;
    auto const mailbox = Environment::need(notifications::ImapMailbox::make(mailbox_options(settings), io.get_executor()));
    auto checked = asio::co_spawn(io, mailbox->check(), asio::use_future);
    io.run();
    if (auto const answer = checked.get(); !answer) throw std::runtime_error(answer.error().detail + "; does mail.imap name it rightly?");
    return settings.mail.imap;
}

std::string check_base_url(config::Settings const& settings) {
    std::string const& url = settings.http.base_url;
    if (url.empty()) throw Warning("http.base_url is not set: links lead to the listening address, good for trying out only");
    if (!url.starts_with("https://")) throw Warning(url + " is not https: calendars and mails show links in the clear; put TLS before it or set http.tls_certificate");
    auto const [host, port] = host_and_port(url);
    asio::io_context io;
    asio::ip::tcp::resolver resolver(io);
    boost::system::error_code error;
    auto const found = resolver.resolve(host, port, error);
    if (error) throw Warning(url + ": the name " + host + " does not resolve here (" + error.message() + "): people may not reach it");
    asio::ip::tcp::socket socket(io);
    boost::system::error_code reached = asio::error::timed_out;
    asio::async_connect(socket, found, [&](boost::system::error_code outcome, auto const&) { reached = outcome; });
    io.run_for(3s);
    if (reached) throw Warning(url + ": nothing answers on port " + port + " (" + reached.message() + "): is the service or its proxy running?");
    return url + ", answers";
}

std::string check_certificate(config::Settings const& settings) {
    auto const context = http::make_tls_context(settings.http.tls_certificate, settings.http.tls_key);
    auto const end = std::chrono::floor<std::chrono::seconds>(http::certificate_end(*context));
    auto const left = std::chrono::floor<std::chrono::days>(end - core::SystemClock().now()).count();
    std::string const text = "matches its key, ends " + calendar::format_instant(end);
    if (left < 0) throw std::runtime_error("http.tls_certificate ended " + calendar::format_instant(end) + ": renew it and send SIGHUP");
    if (left < 21) throw Warning(text + ", in " + std::to_string(left) + " days: renew it and send SIGHUP");
    return text + ", in " + std::to_string(left) + " days";
}

std::string check_clock(config::Settings const& settings) {
    auto const now = core::SystemClock().now();
    if (auto const why = clock_implausible(now, clock_floor(settings.store.url))) throw std::runtime_error(*why + " (clock_implausible)");
    return calendar::format_instant(now);
}

std::string check_open_files(config::Settings const& settings) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max == RLIM_INFINITY) return "no limit";
    auto const wanted = static_cast<rlim_t>(settings.http.connections) + 200;
    std::string const text = std::to_string(limit.rlim_max) + " allowed";
    if (limit.rlim_max < wanted)
        throw Warning(text + ", fewer than http.connections and what the service needs itself (" + std::to_string(wanted) +
                      "): raise LimitNOFILE, or lower http.connections");
    return text;
}

}  // namespace convoke::cli
