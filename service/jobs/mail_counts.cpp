#include "service/jobs/mail_counts.hpp"

#include <algorithm>

namespace convoke::jobs {

namespace {

using Kind = notifications::Settlement::Kind;

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::sent: return "sent";
        case Kind::deferred: return "deferred";
        case Kind::failed: return "failed";
        case Kind::superseded: return "superseded";
        case Kind::released: return "released";
    }
    return "released";
}

}  // namespace

std::string_view error_class(std::string_view reason) {
    auto const digit = [](char c) { return c >= '0' && c <= '9'; };
    // A reply stands at the start, or behind a word on where it came.
    for (std::size_t at = 0; at + 3 <= reason.size(); ++at) {
        bool const begins = at == 0 || reason[at - 1] == ' ';
        bool const ends = at + 3 == reason.size() || reason[at + 3] == ' ' || reason[at + 3] == '-';
        if (begins && ends && (reason[at] == '4' || reason[at] == '5') && digit(reason[at + 1]) && digit(reason[at + 2]))
            return reason[at] == '4' ? "4xx" : "5xx";
    }
    if (reason.find("TLS") != std::string_view::npos || reason.find("certificate") != std::string_view::npos) return "tls";
    for (std::string_view const word : {"connect", "closed", "took too long", "broken off", "reset"})
        if (reason.find(word) != std::string_view::npos) return "connection";
    return "other";
}

void MailCounts::note(std::string const& kind, notifications::Settlement const& settlement) {
    std::lock_guard const lock(mutex_);
    ++outcomes_[{kind, std::string(name_of(settlement.kind))}];
    if (settlement.kind == Kind::sent) last_sent_ = settlement.at;
    bool const trouble = settlement.kind == Kind::deferred || settlement.kind == Kind::failed ||
                         (settlement.kind == Kind::released && !settlement.reason.empty());
    if (trouble) ++errors_[std::string(error_class(settlement.reason))];
}

std::optional<calendar::sys_seconds> MailCounts::last_sent() const {
    std::lock_guard const lock(mutex_);
    return last_sent_;
}

void MailCounts::write(core::MetricsText& text) const {
    std::lock_guard const lock(mutex_);
    text.family("convoke_mails_total", "counter", "What became of mails at each try, by kind (released: as if never tried).");
    for (auto const& [key, count] : outcomes_) text.sample("", {{"kind", key.first}, {"outcome", key.second}}, count);
    text.family("convoke_mail_errors_total", "counter", "Tries that failed: the mail server's replies by class, or what broke before one.");
    for (std::string_view const name : {"4xx", "5xx", "tls", "connection", "other"}) {
        auto const found = errors_.find(std::string(name));
        text.sample("", {{"class", name}}, found == errors_.end() ? std::uint64_t(0) : found->second);
    }
    text.gauge("convoke_mail_last_sent_timestamp_seconds", "When the mail server last took a mail from this process; 0: not yet.",
               last_sent_ ? static_cast<double>(last_sent_->time_since_epoch().count()) : 0);
}

}  // namespace convoke::jobs
