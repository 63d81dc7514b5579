#include "service/cli/serve_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace convoke::cli {

ServeLock::ServeLock(std::string const& store_url) {
    if (!store_url.starts_with("sqlite:")) return;
    // The same database by another name is the same lock.
    std::error_code error;
    std::string const name = std::filesystem::weakly_canonical(store_url.substr(7), error).string() + ".serve";
    file_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0) throw std::runtime_error(name + ": " + std::strerror(errno) + ": let the service's user write beside its database");
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
        char text[32] = {};
        bool const said = ::pread(file_, text, sizeof text - 1, 0) > 0;
        ::close(file_);
        throw std::runtime_error("another `convoke serve`" + (said ? " (process " + std::to_string(std::atol(text)) + ")" : std::string()) +
                                 " runs on this database, " + store_url + ": stop it first, or use PostgreSQL for several");
    }
    std::string const id = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file_, 0) != 0 || ::pwrite(file_, id.data(), id.size(), 0) < 0) ::lseek(file_, 0, SEEK_SET);  // the id only helps people
}

ServeLock::~ServeLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace convoke::cli
