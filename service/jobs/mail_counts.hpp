// What became of mails since the start, for /metrics and /readyz. Any thread.
#pragma once

#include "calendar/zone.hpp"
#include "notifications/outbox_port.hpp"
#include "service/core/metrics_text.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace convoke::jobs {

class MailCounts {
public:
    void note(std::string const& kind, notifications::Settlement const& settlement);
    std::optional<calendar::sys_seconds> last_sent() const;
    // convoke_mails_total{kind,outcome}, convoke_mail_errors_total{class}.
    void write(core::MetricsText& text) const;

private:
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, std::uint64_t> outcomes_;
    std::map<std::string, std::uint64_t> errors_;
    std::optional<calendar::sys_seconds> last_sent_;
};

// The class of what a mail server answered or what broke: "4xx", "5xx", "tls", "connection" or "other".
std::string_view error_class(std::string_view reason);

}  // namespace convoke::jobs
