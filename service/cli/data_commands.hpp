// The commands that read or change data beside a running service. Each returns the exit code; results go to standard
// output alone, words to people to standard error.
#pragma once

#include "service/cli/environment.hpp"

#include <optional>
#include <string>
#include <vector>

namespace convoke::cli {

int create_token(Environment& environment, std::string const& name, std::string const& role, std::optional<std::string> const& community);
// One a line: id, role, community, created, "revoked TIME" or "valid", name.
int list_tokens(Environment& environment, bool as_json);
int revoke_token(Environment& environment, std::string const& id);
int print_login_link(Environment& environment, std::string const& email);

int list_outbox(Environment& environment, std::string const& event, std::string const& recipient, std::string const& state, bool as_json);
int show_mail(Environment& environment, std::string const& id);
int retry_mails(Environment& environment, std::vector<std::string> const& ids);

int export_person(Environment& environment, std::string const& email);
// Asks on the terminal unless `yes`.
int erase_person(Environment& environment, std::string const& email, bool yes);

// Prints a member's feed.
int load_demo(Environment& environment, bool as_json);

}  // namespace convoke::cli
