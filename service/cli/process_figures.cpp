#include "service/cli/process_figures.hpp"

#include "service/core/crypto.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace convoke::cli {

namespace {

constexpr char tz_file[] = "/usr/share/zoneinfo/tzdata.zi";

std::string contents(char const* path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

// Seconds since 1970: the system's start and the ticks from there to the process's (proc(5)).
double process_start() {
    std::string const stat = contents("/proc/self/stat");
    std::istringstream fields(stat.substr(std::min(stat.size(), stat.rfind(')') + 2)));
    std::string field;
    for (int i = 3; i <= 22 && fields >> field; ++i) {}
    std::istringstream system(contents("/proc/stat"));
    double boot = 0;
    for (std::string word; system >> word;)
        if (word == "btime") system >> boot;
    double const ticks = field.empty() ? 0 : std::strtod(field.c_str(), nullptr);
    return boot + ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double seconds_of(timeval const& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

}  // namespace

ProcessFigures::ProcessFigures(store::Dialect dialect)
    : database_(dialect == store::Dialect::sqlite ? "sqlite" : "postgresql"), started_(process_start()) {
    std::string const zones = contents(tz_file);
    constexpr std::string_view head = "# version ";
    if (zones.starts_with(head)) tz_version_ = zones.substr(head.size(), zones.find('\n') - head.size());
    tz_hash_ = core::hex_encode(core::sha256(zones)).substr(0, 16);
}

void ProcessFigures::write(core::MetricsText& text) const {
    text.family("convoke_build_info", "gauge", "This program.");
    text.sample("", {{"version", CONVOKE_VERSION}, {"database", database_}}, std::uint64_t(1));
    text.family("convoke_tz_data_info", "gauge", "The system's tz data at the start.");
    text.sample("", {{"version", tz_version_}, {"hash", tz_hash_}}, std::uint64_t(1));

    std::istringstream pages(contents("/proc/self/statm"));
    double size = 0, resident = 0;
    pages >> size >> resident;
    auto const page = static_cast<double>(sysconf(_SC_PAGESIZE));
    text.gauge("process_resident_memory_bytes", "Memory in use.", resident * page);
    text.gauge("process_virtual_memory_bytes", "Address space in use.", size * page);
    std::error_code error;
    std::uint64_t open = 0;
    for (std::filesystem::directory_iterator each("/proc/self/fd", error), end; !error && each != end; each.increment(error)) ++open;
    text.gauge("process_open_fds", "Open descriptors.", static_cast<double>(open));
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) text.gauge("process_max_fds", "Most descriptors.", static_cast<double>(limit.rlim_cur));
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        text.family("process_cpu_seconds_total", "counter", "CPU time used.");
        text.sample("", {}, seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
    }
    text.gauge("process_start_time_seconds", "When the process began, in seconds since 1970.", started_);
}

}  // namespace convoke::cli
