// What the doctor looks at. Each answers what to say when all is well, throws Warning for what works but should not stay
// so, and any other exception for a fault; both say what would help. They look only: nothing is made or changed.
#pragma once

#include "config/reader.hpp"

#include <stdexcept>
#include <string>

namespace convoke::cli {

struct Warning : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string check_program();
std::string check_database(config::Settings const& settings, bool deep);
std::string check_disk(config::Settings const& settings);
std::string check_zones(config::Settings const& settings);
std::string check_mail(config::Settings const& settings);
std::string check_mailbox(config::Settings const& settings);  // mail.imap; only where it is set
std::string check_base_url(config::Settings const& settings);
std::string check_certificate(config::Settings const& settings);
std::string check_clock(config::Settings const& settings);
std::string check_open_files(config::Settings const& settings);

}  // namespace convoke::cli
