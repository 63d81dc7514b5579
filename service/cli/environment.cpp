#include "service/cli/environment.hpp"

#include "notifications/reminder_rule.hpp"
#include "service/cli/settings_check.hpp"
#include "service/core/log.hpp"
#include "service/store/instance.hpp"
#include "service/store/migrations.hpp"

namespace convoke::cli {

namespace {

// The readers of documents name the place in the detail already.
std::string placed(Fault const& fault) {
    bool const named = fault.pointer.empty() || fault.detail.starts_with(fault.pointer);
    return named ? fault.detail : fault.pointer + ": " + fault.detail;
}

std::string message_of(Failure const& failure) {
    std::string text = failure.detail;
    if (failure.faults.size() > 1 || (failure.faults.size() == 1 && failure.faults.front().detail != failure.detail)) {
        text = std::to_string(failure.faults.size()) + (failure.faults.size() == 1 ? " fault:" : " faults:");
        for (Fault const& fault : failure.faults)
            text += "\n  " + placed(fault);
    } else if (failure.faults.size() == 1) {
        text = placed(failure.faults.front());
    }
    return text + " (" + std::string(slug(failure.code)) + ")";
}

std::vector<usecases::Instance::ReminderTime> reminder_times(std::vector<std::string> const& leads, calendar::sys_seconds start,
                                                             std::string const& zone) {
    std::vector<usecases::Instance::ReminderTime> times;
    for (auto const& reminder : notifications::reminders_of(leads, start, zone)) times.push_back({reminder.offset, reminder.due});
    return times;
}

}  // namespace

CommandFailed::CommandFailed(Failure const& failure) : std::runtime_error(message_of(failure)) {}

Environment::Environment(config::Sources const& sources) : loaded_(config::load_settings(sources)) {
    std::vector<config::Fault> faults = loaded_.faults;
    for (config::Fault& fault : value_faults(loaded_)) faults.push_back(std::move(fault));
    if (!faults.empty()) throw SettingsRefused(faults);
    core::log::set_level(std::string_view(settings().log.level));
}

store::Database& Environment::database() {
    if (database_) return *database_;
    auto database = store::open_database({.url = settings().store.url});
    need(store::migrate(*database));
    instance_.secret = need(database->write_now([](store::Transaction& tx) -> result<std::string> { return store::instance_secret(tx); }));
    bool const tls = !settings().http.tls_certificate.empty();
    instance_.base_url =
        settings().http.base_url.empty() ? (tls ? "https://" : "http://") + settings().http.listen : settings().http.base_url;
    instance_.mail_domain = domain_of(settings().mail.reply_to);
    instance_.default_reminders = settings().reminders.before;
    instance_.link_promise = settings().links.promise;
    instance_.webhooks = {settings().webhooks.allow_private, settings().webhooks.ports};
    instance_.reminder_times = reminder_times;
    database_ = std::move(database);
    return *database_;
}

usecases::Instance& Environment::instance() {
    database();
    return instance_;
}

std::string domain_of(std::string const& address) { return address.substr(address.rfind('@') + 1); }

}  // namespace convoke::cli
