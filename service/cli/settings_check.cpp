#include "service/cli/settings_check.hpp"

#include "calendar/duration.hpp"
#include "config/settings_table.hpp"
#include "notifications/reminder_rule.hpp"
#include "service/cli/mail_settings.hpp"
#include "service/http/tls.hpp"
#include "service/store/migrations.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

extern char** environ;

namespace convoke::cli {

namespace asio = boost::asio;
using config::Fault;
using config::Loaded;
using Faults = std::vector<Fault>;

namespace {

std::string joined(std::vector<std::string> const& lines) {
    std::string text;
    for (std::string const& line : lines) text += (text.empty() ? "" : "\n") + line;
    return text;
}

// "" when the file can be read.
std::string unreadable(std::string const& name) {
    std::error_code error;
    if (std::filesystem::is_directory(name, error)) return "is a directory, not a file";
    errno = 0;
    if (std::ifstream(name)) return "";
    int const why = errno;
    return std::string(why == 0 ? "cannot be read" : std::strerror(why)) +
           (why == EACCES ? ": let the service's user read it" : ": name a file that is there");
}

}  // namespace

SettingsRefused::SettingsRefused(Faults const& faults) : std::runtime_error([&] {
    std::vector<std::string> all;
    for (Fault const& fault : faults) all.push_back(fault.line());
    return joined(all);
}()) {
    for (Fault const& fault : faults) lines.push_back(fault.line());
}

config::Texts process_environment() {
    config::Texts all;
    for (char** one = environ; one && *one; ++one) {
        std::string const text(*one);
        std::size_t const equals = text.find('=');
        if (equals != std::string::npos) all.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return all;
}

Faults value_faults(Loaded const& loaded) {
    Faults faults;
    auto const& settings = loaded.settings;
    if (auto promise = calendar::parse_duration(settings.links.promise); !promise)
        faults.push_back({loaded.place_of("links.promise"), "links.promise", promise.error().detail});
    for (std::string const& lead : settings.reminders.before)
        if (auto parsed = notifications::parse_offset(lead); !parsed)
            faults.push_back({loaded.place_of("reminders.before"), "reminders.before", "\"" + lead + "\": " + parsed.error().detail});
    return faults;
}

Faults file_faults(Loaded const& loaded) {
    Faults faults;
    auto const& settings = loaded.settings;
    for (config::Row const& row : config::settings_table()) {
        if (row.value != "FILE") continue;
        config::Value const value = row.get(settings);
        std::string const file = std::get<std::string>(value);
        std::string const why = file.empty() ? "" : unreadable(file);
        if (!why.empty()) faults.push_back({loaded.place_of(name_of(row)), name_of(row), file + ": " + why});
    }
    if (faults.empty() && !settings.http.tls_certificate.empty() && !settings.http.tls_key.empty()) {
        try {
            http::make_tls_context(settings.http.tls_certificate, settings.http.tls_key);
        } catch (std::exception const& refused) {
            faults.push_back({loaded.place_of("http.tls_key"), "http.tls_key", refused.what()});
        }
    }
    if (!settings.mail.transport.starts_with("file:")) {
        asio::io_context io;
        if (auto transport = notifications::make_transport(transport_options(settings), io.get_executor()); !transport)
            faults.push_back({loaded.place_of("mail.transport"), "mail.transport", transport.error().detail});
    }
    return faults;
}

Faults database_faults(Loaded const& loaded) {
    std::string const& url = loaded.settings.store.url;
    std::string const where = loaded.place_of("store.url");
    if (url.starts_with("sqlite:") && !std::filesystem::exists(url.substr(7))) {
        std::filesystem::path const folder = std::filesystem::absolute(url.substr(7)).parent_path();
        if (!std::filesystem::is_directory(folder))
            return {{where, "store.url", folder.string() + ": no such directory: make it, and let the service's user write there"}};
        return {};
    }
    auto const database = store::open_database({.url = url, .readers = 1});
    auto const version = store::schema_version(*database);
    if (!version) return {{where, "store.url", version.error().detail}};
    auto const newest = store::embedded_migrations().back().number;
    if (*version > newest)
        return {{where, "store.url", "the database is newer than this program: its schema is " + std::to_string(*version) + ", this program's " +
                                         std::to_string(newest) + "; run the newer program, or restore a copy made before"}};
    return {};
}

Faults listen_faults(Loaded const& loaded, bool in_use) {
    std::string const& listen = loaded.settings.http.listen;
    std::size_t const colon = listen.rfind(':');
    std::string host = listen.substr(0, colon);
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    boost::system::error_code error;
    asio::ip::tcp::endpoint const endpoint(asio::ip::make_address(host, error), static_cast<std::uint16_t>(std::stoi(listen.substr(colon + 1))));
    if (error) return {{loaded.place_of("http.listen"), "http.listen", listen + ": " + error.message()}};
    asio::io_context io;
    asio::ip::tcp::acceptor acceptor(io);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::ip::tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(1, error);
    if (!error || (error == asio::error::address_in_use && !in_use)) return {};
    std::string remedy = error.message();
    if (error == asio::error::address_in_use) remedy = "is in use by another program: stop that one or choose another port";
    if (error == asio::error::access_denied) remedy = "needs more rights: choose a port from 1024 on, or a reverse proxy";
    if (error == boost::system::errc::address_not_available) remedy = "is no address of this machine: 0.0.0.0 takes all it has";
    return {{loaded.place_of("http.listen"), "http.listen", listen + " " + remedy}};
}

Faults all_faults(Loaded const& loaded) {
    Faults faults = loaded.faults;
    auto const add = [&](Faults const& more) { faults.insert(faults.end(), more.begin(), more.end()); };
    add(value_faults(loaded));
    if (!faults.empty()) return faults;
    add(file_faults(loaded));
    add(database_faults(loaded));
    add(listen_faults(loaded, false));
    return faults;
}

}  // namespace convoke::cli
