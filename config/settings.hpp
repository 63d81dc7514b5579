// Every setting of the service: typed values with their defaults. The table behind them (settings_table.hpp) is the
// one source for the file reader, the environment, --help and the commented example file.
// A plain value; filled once at start, then only read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace convoke::config {

struct Settings {
    struct Http {
        std::string listen = "127.0.0.1:8080";
        std::string base_url;  // "" = http(s)://LISTEN
        std::int64_t threads = 2;
        std::string tls_certificate, tls_key;
        std::vector<std::string> trusted_proxies;
        std::int64_t api_requests_per_second = 2'000, api_request_burst = 200'000;
        std::int64_t connections = 10'000, connections_per_address = 512;
        std::string metrics_token;  // "" = none
    } http;
    struct Store {
        std::string url = "sqlite:convoke.db";
    } store;
    struct Mail {
        std::string transport = "file:mail/";
        std::string password_file, ca_file;
        std::string from;                                   // "" = reply_to
        std::int64_t connections = 4;
        std::string reply_to = "rsvp@events.example";
        std::string lmtp_listen;                            // "" = off
        std::string imap;                                   // "" = off
        std::string imap_password_file;                     // "" = password_file
    } mail;
    struct Reminders {
        std::vector<std::string> before{"P14D", "P1D", "PT1H"};
    } reminders;
    struct Links {
        std::string promise = "P10D";
    } links;
    struct Webhooks {
        bool allow_private = false;
        std::vector<std::string> ports{"443"};
        std::string ca_file;
    } webhooks;
    struct Log {
        std::string level = "info";
    } log;
};

}  // namespace convoke::config
