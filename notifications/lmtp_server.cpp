#include "notifications/lmtp_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <charconv>
#include <set>
#include <stdexcept>

namespace convoke::notifications {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

Tcp::endpoint endpoint_of(std::string const& text) {
    std::size_t const colon = text.rfind(':');
    std::uint16_t port = 0;
    boost::system::error_code bad = asio::error::invalid_argument;
    if (colon != std::string::npos) {
        char const* const end = text.data() + text.size();
        auto const read = std::from_chars(text.data() + colon + 1, end, port);
        if (read.ec == std::errc() && read.ptr == end) bad.clear();
    }
    std::string host = text.substr(0, std::min(colon, text.size()));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    asio::ip::address address;
    if (!bad) address = asio::ip::make_address(host, bad);
    if (bad) throw std::runtime_error("mail.lmtp_listen: \"" + text + "\" is not ADDRESS:PORT, such as 127.0.0.1:2424 or [::1]:2424");
    return {address, port};
}

}  // namespace

// One connection. Its deadline closes the socket, which ends whatever waits for it.
struct LmtpLine : std::enable_shared_from_this<LmtpLine> {
    LmtpLine(Tcp::socket connected, LmtpRules const& rules) : socket(std::move(connected)), deadline(socket.get_executor()), session(rules) {}

    void within(std::chrono::milliseconds time) {
        deadline.expires_after(time);
        deadline.async_wait([line = weak_from_this()](boost::system::error_code const& code) {
            auto const still = line.lock();
            // A later deadline may have been set while this one was on its way here.
            if (!code && still && still->deadline.expiry() <= std::chrono::steady_clock::now()) still->cut();
        });
    }
    void cut() {
        boost::system::error_code ignored;
        socket.close(ignored);
    }

    Tcp::socket socket;
    asio::steady_timer deadline;
    LmtpSession session;
    bool busy = false;  // a mail of it is being taken
};

class LmtpServer::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(LmtpOptions options, asio::any_io_executor executor)
        : options_(std::move(options)), executor_(std::move(executor)), acceptor_(executor_), idle_(executor_) {}

    void start() {
        Tcp::endpoint const endpoint = endpoint_of(options_.listen);
        try {
            acceptor_.open(endpoint.protocol());
            acceptor_.set_option(Tcp::acceptor::reuse_address(true));
            acceptor_.bind(endpoint);
            acceptor_.listen();
        } catch (boost::system::system_error const& refused) {
            throw std::runtime_error("mail.lmtp_listen: cannot listen on " + options_.listen + ": " + refused.code().message());
        }
        port_ = acceptor_.local_endpoint().port();
        asio::co_spawn(executor_, accept(shared_from_this()), asio::detached);
    }

    std::uint16_t port() const { return port_; }

    asio::awaitable<void> stop() {
        stopping_ = true;
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        idle_.expires_after(options_.drain);
        for (LmtpLine* line : lines_)
            if (!line->busy) line->cut();
        if (!lines_.empty()) co_await idle_.async_wait(quietly);
        for (LmtpLine* line : lines_) line->cut();
    }

private:
    // Coroutines hold the whole: they may outlive the server's owner by a turn of the loop.
    static asio::awaitable<void> accept(std::shared_ptr<Impl> self) {
        while (!self->stopping_) {
            auto [code, socket] = co_await self->acceptor_.async_accept(quietly);
            if (self->stopping_) break;
            if (code) {
                // No descriptors left, perhaps: the mail server tries again, and so do we.
                asio::steady_timer pause(self->executor_, std::chrono::milliseconds(200));
                co_await pause.async_wait(quietly);
                continue;
            }
            if (self->lines_.size() >= self->options_.connections) {
                std::string const busy = "421 4.3.2 too many connections\r\n";
                boost::system::error_code ignored;
                socket.write_some(asio::buffer(busy), ignored);
                continue;
            }
            asio::co_spawn(self->executor_, serve(self, std::move(socket)), asio::detached);
        }
    }

    static asio::awaitable<void> serve(std::shared_ptr<Impl> self, Tcp::socket socket) {
        auto const line = std::make_shared<LmtpLine>(std::move(socket), self->options_.rules);
        self->lines_.insert(line.get());
        try {
            co_await self->talk(*line);
        } catch (std::exception const& fault) {
            self->options_.log(std::string("a connection broke: ") + fault.what());
        }
        line->deadline.cancel();
        self->lines_.erase(line.get());
        if (self->stopping_ && self->lines_.empty()) self->idle_.cancel();
    }

    asio::awaitable<void> talk(LmtpLine& line) {
        std::array<char, 65536> buffer;
        LmtpSession::Step step{.output = line.session.greeting(), .mail = {}};
        bool in_data = false;
        line.within(options_.command);
        while (true) {
            if (!step.output.empty()) {
                auto const [code, sent] = co_await asio::async_write(line.socket, asio::buffer(step.output), quietly);
                if (code) co_return;
            }
            if (step.mail) {
                step = co_await take(line, *step.mail);
                line.within(options_.command);
                in_data = false;
                continue;
            }
            if (step.close || stopping_) co_return;
            auto const [code, count] = co_await line.socket.async_read_some(asio::buffer(buffer), quietly);
            if (code) co_return;
            step = line.session.feed({buffer.data(), count});
            if (!line.session.in_data() || !in_data) line.within(line.session.in_data() ? options_.message : options_.command);
            in_data = line.session.in_data();
        }
    }

    asio::awaitable<LmtpSession::Step> take(LmtpLine& line, LmtpMail const& mail) {
        line.busy = true;
        line.deadline.cancel();  // the database has times of its own
        std::vector<LmtpReply> replies;
        try {
            replies = co_await options_.take(mail);
        } catch (std::exception const& fault) {
            options_.log(std::string("a mail could not be taken: ") + fault.what());
        }
        replies.resize(mail.recipients.size(), {451, "4.3.0 not now, please try again"});
        line.busy = false;
        co_return line.session.finish(replies);
    }

    LmtpOptions options_;
    asio::any_io_executor executor_;
    Tcp::acceptor acceptor_;
    asio::steady_timer idle_;
    std::set<LmtpLine*> lines_;
    std::uint16_t port_ = 0;
    bool stopping_ = false;
};

LmtpServer::LmtpServer(LmtpOptions options, asio::any_io_executor executor)
    : impl_(std::make_shared<Impl>(std::move(options), std::move(executor))) {}
LmtpServer::~LmtpServer() = default;

void LmtpServer::start() { impl_->start(); }
std::uint16_t LmtpServer::port() const { return impl_->port(); }
asio::awaitable<void> LmtpServer::stop() { co_await impl_->stop(); }

}  // namespace convoke::notifications
