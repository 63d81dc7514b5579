#include "notifications/file_transport.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace convoke::notifications {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    int number() const { return number_; }
    int close() { return number_ < 0 ? 0 : ::close(std::exchange(number_, -1)); }

private:
    int number_;
};

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

std::string reason(char const* what, fs::path const& path) {
    return std::string(what) + ' ' + path.string() + ": " + std::strerror(errno);
}

// Everything but success is the directory's fault, not the mail's: paused.
Delivery write_mail(fs::path const& directory, Envelope const& envelope) {
    const auto name = file_name_of(envelope);
    const auto whole = directory / name, partial = directory / ('.' + name + ".part");
    Descriptor file(::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (file.number() < 0) return {Outcome::paused, reason("cannot write", partial)};
    const bool written = write_all(file.number(), *envelope.bytes) && ::fsync(file.number()) == 0;
    if (!written || file.close() != 0) {
        auto why = reason("cannot write", partial);
        ::unlink(partial.c_str());
        return {Outcome::paused, std::move(why)};
    }
    if (::rename(partial.c_str(), whole.c_str()) != 0) return {Outcome::paused, reason("cannot rename to", whole)};
    const Descriptor parent(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent.number() < 0 || ::fsync(parent.number()) != 0) {
        return {Outcome::paused, reason("cannot synchronise", directory)};
    }
    return {Outcome::sent, "written to " + whole.string()};
}

}  // namespace

std::string file_name_of(Envelope const& envelope) {
    std::string name;
    for (char c : envelope.message_id) {
        const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '@' ||
                          c == '-' || c == '_' || c == '+' || (c == '.' && !name.empty());
        name += safe ? c : '_';
    }
    return name.substr(0, 200) + ".eml";
}

FileTransport::FileTransport(fs::path directory) : directory_(std::move(directory)) {}

result<std::unique_ptr<Transport>> FileTransport::make(fs::path directory) {
    std::error_code error;
    directory = fs::absolute(directory, error);
    if (!error) fs::create_directories(directory, error);
    if (error) {
        return Failure(errc::invalid_value, "mail transport: the directory " + directory.string() + " cannot be made: " + error.message());
    }
    return std::unique_ptr<Transport>(new FileTransport(std::move(directory)));
}

asio::awaitable<Delivery> FileTransport::send(Envelope envelope) {
    co_return co_await asio::co_spawn(
        workers_, [this, &envelope]() -> asio::awaitable<Delivery> { co_return write_mail(directory_, envelope); },
        asio::use_awaitable);
}

asio::awaitable<result<void>> FileTransport::check() {
    const auto probe = directory_ / ".convoke-check";
    const Descriptor file(::open(probe.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (file.number() < 0) co_return Failure(errc::mail_unavailable, reason("cannot write", probe));
    ::unlink(probe.c_str());
    co_return result<void>();
}

asio::awaitable<void> FileTransport::close() { co_return; }

}  // namespace convoke::notifications
