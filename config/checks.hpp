// What the values of settings must look like. Pure: nothing is opened or looked up here. For the settings table.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace convoke::config {

// Why a value is refused, with what would be right; nullopt: it is good.
using Refusal = std::optional<std::string>;

struct Check {
    std::string_view value;  // the kind of value, for documentation: "ADDRESS:PORT"
    std::function<Refusal(std::string const&)> refuse;
};

extern Check const any_text;
extern Check const file_name;  // whether it can be read is seen at the start
extern Check const listen_address;
extern Check const optional_listen_address;
extern Check const network;            // an address, or a network "10.0.0.0/8"
extern Check const base_address;       // "" or https://HOST[:PORT][/PATH]
extern Check const database_url;
extern Check const mail_transport;
extern Check const imap_mailbox;       // or ""
extern Check const mail_address;
extern Check const optional_mail_address;
extern Check const duration;           // ISO 8601, as RFC 5545 §3.3.6 has it
extern Check const log_level;

}  // namespace convoke::config
