#include "service/cli/doctor.hpp"

#include "service/cli/doctor_checks.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/settings_check.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <functional>
#include <iostream>

namespace convoke::cli {

namespace {

class Report {
public:
    explicit Report(bool json) : json_(json) {}

    void line(std::string_view check, std::string_view result, std::string const& text) {
        faults_ += result == "fault" ? 1 : 0;
        if (json_)
            all_.push_back(boost::json::object{{"check", check}, {"result", result}, {"text", text}});
        else
            std::cout << (result == "fault" ? "FAULT" : result) << std::string(7 - result.size(), ' ') << check << ": " << text << std::endl;
    }

    void run(std::string_view check, std::function<std::string()> const& look) {
        try {
            line(check, "ok", [&] {
                Progress const progress("checking " + std::string(check));
                return look();
            }());
        } catch (Warning const& warning) {
            line(check, "warn", warning.what());
        } catch (std::exception const& fault) {
            line(check, "fault", fault.what());
        }
    }

    int end() const {
        if (json_) std::cout << boost::json::serialize(all_) << std::endl;
        return faults_ == 0 ? 0 : 1;
    }

private:
    bool json_;
    int faults_ = 0;
    boost::json::array all_;
};

}  // namespace

int doctor(config::Sources const& sources, DoctorOptions const& options) {
    Report report(options.json);
    auto const loaded = config::load_settings(sources);
    auto faults = loaded.faults;
    for (auto const& more : {value_faults(loaded), file_faults(loaded)}) faults.insert(faults.end(), more.begin(), more.end());
    for (auto const& fault : faults) report.line("settings", "fault", fault.line());
    if (faults.empty()) report.line("settings", "ok", sources.file.empty() ? "defaults, environment and flags" : sources.file);
    auto const& settings = loaded.settings;
    report.run("program", check_program);
    report.run("database", [&] {
        if (auto const wrong = database_faults(loaded); !wrong.empty()) throw std::runtime_error(wrong.front().line());
        return check_database(settings, options.deep);
    });
    report.run("disk", [&] { return check_disk(settings); });
    report.run("time zones", [&] { return check_zones(settings); });
    report.run("mail", [&] { return check_mail(settings); });
    if (!settings.mail.imap.empty()) report.run("mailbox", [&] { return check_mailbox(settings); });
    report.run("base URL", [&] { return check_base_url(settings); });
    if (!settings.http.tls_certificate.empty()) report.run("certificate", [&] { return check_certificate(settings); });
    report.run("clock", [&] { return check_clock(settings); });
    report.run("open files", [&] { return check_open_files(settings); });
    return report.end();
}

}  // namespace convoke::cli
