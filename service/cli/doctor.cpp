#include "service/cli/doctor.hpp"

#include "calendar/zone.hpp"
#include "service/cli/environment.hpp"
#include "service/cli/mail_settings.hpp"
#include "service/store/migrations.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>

namespace convoke::cli {

namespace {

namespace asio = boost::asio;

// Answers what to say when all is well; throws what is wrong and what would help.
using Check = std::function<std::string()>;

std::string check_mail(config::Settings const& settings) {
    asio::io_context io;
    auto const transport = Environment::need(notifications::make_transport(transport_options(settings), io.get_executor()));
    auto checked = asio::co_spawn(io, transport->check(), asio::use_future);
    io.run();
    Environment::need(checked.get());
    return transport->describe();
}

// Looks only: a doctor makes no database and migrates none.
std::string check_database(config::Settings const& settings) {
    std::string const& url = settings.store.url;
    std::string const engine = url.substr(0, url.find(':'));
    if (engine == "sqlite" && !std::filesystem::exists(url.substr(7)))
        return engine + ", not there yet: `convoke serve` or `convoke migrate` makes it";
    auto const database = store::open_database({.url = url, .readers = 1});
    auto const version = Environment::need(store::schema_version(*database));
    if (!Environment::need(store::schema_is_current(*database)))
        throw CommandFailed("its schema " + std::to_string(version) + " is not this program's: run `convoke migrate`, or the newer program");
    return engine + ", schema " + std::to_string(version);
}

std::string check_zones() {
    // Summer in Brussels, Dublin and Athens: three zones whose hours members must be told rightly.
    using namespace std::chrono_literals;
    auto const noon = calendar::local_seconds(calendar::local_days(std::chrono::year(2027) / 7 / 1)) + 12h;
    for (auto const& [zone, offset] : {std::pair("Europe/Brussels", 2h), std::pair("Europe/Dublin", 1h), std::pair("Europe/Athens", 3h)})
        if (calendar::to_instant(noon, zone).time_since_epoch() != noon.time_since_epoch() - offset)
            throw CommandFailed(std::string("the time zone data is wrong for ") + zone + ": install the package tzdata");
    return "Brussels, Dublin and Athens are right in summer 2027";
}

std::string check_base_url(config::Settings const& settings) {
    std::string const& url = settings.http.base_url;
    if (url.empty()) return "not set: links lead to the listening address, good for trying out only";
    if (!url.starts_with("https://")) return url + " (not https: calendars and mails will show links in the clear)";
    return url;
}

std::string check_clock() {
    auto const now = core::SystemClock().now();
    auto const built = std::chrono::sys_seconds(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1));
    if (now < built) throw CommandFailed("the clock says " + calendar::format_instant(now) + ", before this program was made: set the clock");
    return calendar::format_instant(now);
}

}  // namespace

int doctor(std::string const& config_file) {
    int faults = 0;
    std::unique_ptr<Environment> environment;
    auto const check = [&](std::string_view what, Check const& run) {
        try {
            std::string const said = run();
            std::cout << "ok     " << what << ": " << said << std::endl;
        } catch (std::exception const& fault) {
            ++faults;
            std::cout << "FAULT  " << what << ": " << fault.what() << std::endl;
        }
    };
    check("settings", [&] {
        environment = std::make_unique<Environment>(config_file);
        return config_file.empty() ? std::string("defaults and environment") : config_file;
    });
    if (!environment) return 1;
    check("database", [&] { return check_database(environment->settings()); });
    check("time zones", check_zones);
    check("mail", [&] { return check_mail(environment->settings()); });
    check("base URL", [&] { return check_base_url(environment->settings()); });
    check("clock", check_clock);
    return faults == 0 ? 0 : 1;
}

}  // namespace convoke::cli
