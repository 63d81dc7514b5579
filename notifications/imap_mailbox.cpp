#include "notifications/imap_mailbox.hpp"

#include "notifications/client_tls.hpp"
#include "notifications/imap_dialogue.hpp"
#include "notifications/password_file.hpp"
#include "notifications/server_identity.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>

namespace convoke::notifications {

namespace asio = boost::asio;
using Step = ImapDialogue::Step;

namespace {

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

// The dialogue with a socket, TLS and a clock around it. Its deadline closes the socket, which ends whatever waits for it.
class ImapConnection : public std::enable_shared_from_this<ImapConnection> {
public:
    ImapConnection(asio::any_io_executor executor, ImapUrl const& url, ImapMailboxOptions const& options, std::string password,
                   asio::ssl::context& tls)
        : url_(url),
          times_(options.times),
          stream_(executor, tls),
          resolver_(executor),
          deadline_(executor),
          dialogue_({url.user, std::move(password), url.mailbox, options.mail_bytes, 500}) {}

    // Up to `ready` or `broken`.
    asio::awaitable<Step> open() {
        limit(times_.command);
        auto [resolve_error, endpoints] = co_await resolver_.async_resolve(url_.host, url_.port, tuple);
        if (resolve_error) co_return broken("cannot find " + url_.host + ": " + why(resolve_error));
        if (cut_) co_return broken("took too long");
        auto [connect_error, endpoint] = co_await asio::async_connect(stream_.next_layer(), endpoints, tuple);
        if (connect_error) co_return broken("cannot connect to " + url_.host + ':' + url_.port + ": " + why(connect_error));
        expect_host(stream_.native_handle(), url_.host);
        auto [tls_error] = co_await stream_.async_handshake(asio::ssl::stream_base::client, tuple);
        if (tls_error) {
            long const verified = SSL_get_verify_result(stream_.native_handle());
            if (verified != X509_V_OK)
                co_return broken("the certificate of " + url_.host + " is not accepted: " + X509_verify_cert_error_string(verified));
            co_return broken("TLS: " + why(tls_error));
        }
        co_return co_await drive({});
    }

    asio::awaitable<Step> look(std::chrono::year_month_day since) { return drive(dialogue_.look(since)); }
    asio::awaitable<Step> taken(bool kept) { return drive(dialogue_.taken(kept)); }
    asio::awaitable<Step> leave() { return drive(dialogue_.leave()); }

    void cut() {
        cut_ = true;
        resolver_.cancel();
        boost::system::error_code ignored;
        stream_.next_layer().close(ignored);
    }

private:
    asio::awaitable<Step> drive(Step step) {
        limit(times_.command);
        for (;;) {
            if (step.kind == Step::Kind::write) {
                limit(step.bytes.find(" UID FETCH ") != std::string::npos ? times_.mail : times_.command);
                auto [error, count] = co_await asio::async_write(stream_, asio::buffer(step.bytes), tuple);
                if (error) co_return broken(why(error));
                step = {};
            } else if (step.kind == Step::Kind::read) {
                auto [error, count] = co_await stream_.async_read_some(asio::buffer(buffer_), tuple);
                if (error) co_return broken(why(error));
                step = dialogue_.received({buffer_.data(), count});
            } else {
                deadline_.cancel();
                co_return step;
            }
        }
    }

    void limit(std::chrono::milliseconds time) {
        deadline_.expires_after(time);
        deadline_.async_wait([weak = weak_from_this()](boost::system::error_code const& error) {
            auto const self = weak.lock();
            if (error || !self || self->deadline_.expiry() > std::chrono::steady_clock::now()) return;
            self->timed_out_ = true;
            self->cut();
        });
    }

    Step broken(std::string reason) {
        deadline_.cancel();
        cut();
        return {.kind = Step::Kind::broken, .bytes = {}, .why = std::move(reason)};
    }

    std::string why(boost::system::error_code const& code) const {
        if (timed_out_) return "took too long";
        if (cut_) return "broken off";
        if (code == asio::error::eof || code == asio::ssl::error::stream_truncated) return "the server closed the connection";
        return code.message();
    }

    ImapUrl url_;
    ImapTimes times_;
    asio::ssl::stream<asio::ip::tcp::socket> stream_;
    asio::ip::tcp::resolver resolver_;
    asio::steady_timer deadline_;
    ImapDialogue dialogue_;
    std::array<char, 16 * 1024> buffer_{};
    bool cut_ = false, timed_out_ = false;
};

}  // namespace

struct ImapMailbox::Impl : std::enable_shared_from_this<Impl> {
    Impl(ImapMailboxOptions given, ImapUrl where, std::shared_ptr<asio::ssl::context> context, asio::any_io_executor on)
        : options(std::move(given)), url(std::move(where)), tls(std::move(context)), executor(on), timer(on) {}

    ImapMailboxOptions options;
    ImapUrl url;
    std::shared_ptr<asio::ssl::context> tls;
    asio::any_io_executor executor;
    asio::steady_timer timer;  // waits between rounds; cancelled by stop()
    std::shared_ptr<ImapConnection> connection;
    bool stopping = false, running = false;
    std::string last_fault;

    asio::awaitable<void> wait(std::chrono::milliseconds time) {
        if (stopping) co_return;
        timer.expires_after(time);
        co_await timer.async_wait(tuple);
    }

    asio::awaitable<Step> connect() {
        auto password = read_password(options.password_file, options.password_setting);
        if (!password) co_return Step{.kind = Step::Kind::broken, .bytes = {}, .why = password.error().detail};
        connection = std::make_shared<ImapConnection>(executor, url, options, *std::move(password), *tls);
        co_return co_await connection->open();
    }

    asio::awaitable<bool> take(std::string const& bytes) {
        try {
            co_return co_await options.take(bytes);
        } catch (std::exception const& fault) {
            options.log(std::string("a mail could not be taken: ") + fault.what());
            co_return false;
        }
    }

    // Rounds over one connection, until it breaks or we stop. Returns what broke.
    asio::awaitable<std::string> serve() {
        auto step = co_await connect();
        while (step.kind == Step::Kind::ready && !stopping) {
            if (!last_fault.empty()) options.log("the mailbox is read again");
            last_fault.clear();
            step = co_await connection->look(std::chrono::floor<std::chrono::days>(options.now()) - options.look_back);
            while (step.kind == Step::Kind::mail) {
                bool const kept = co_await take(step.bytes);
                step = co_await connection->taken(kept);
                if (stopping) break;
            }
            if (step.kind == Step::Kind::ready) co_await wait(options.times.every);
        }
        if (step.kind == Step::Kind::ready) co_await connection->leave();
        co_return step.why;
    }
};

result<std::unique_ptr<ImapMailbox>> ImapMailbox::make(ImapMailboxOptions options, asio::any_io_executor executor) {
    CONVOKE_TRY(url, parse_imap_url(options.url));
    if (options.password_file.empty()) return Failure(errc::invalid_value, "mail.imap names the user " + url.user + ": mail.imap_password_file or mail.password_file must be set");
    CONVOKE_TRY(tls, make_client_tls(options.ca_file, "mail.ca_file", options.verify_certificates));
    return std::unique_ptr<ImapMailbox>(
        new ImapMailbox(std::make_shared<Impl>(std::move(options), std::move(url), std::move(tls), std::move(executor))));
}

ImapMailbox::ImapMailbox(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
ImapMailbox::~ImapMailbox() = default;

asio::awaitable<void> ImapMailbox::run() {
    auto const self = impl_;
    self->running = true;
    auto pause = self->options.times.pause;
    while (!self->stopping) {
        auto const began = std::chrono::steady_clock::now();
        std::string fault;
        try {
            fault = co_await self->serve();
        } catch (std::exception const& broken) {
            fault = broken.what();
        }
        if (self->stopping) break;
        if (fault != self->last_fault) self->options.log("the mailbox cannot be read: " + fault);
        self->last_fault = fault;
        // A connection that served for a while was a good one: servers end those that are old.
        if (std::chrono::steady_clock::now() - began > 2 * self->options.times.every) pause = self->options.times.pause;
        co_await self->wait(pause);
        pause = std::min(2 * pause, self->options.times.longest_pause);
    }
    if (self->connection) self->connection->cut();
    self->running = false;
}

asio::awaitable<void> ImapMailbox::stop() {
    auto const self = impl_;
    self->stopping = true;
    self->timer.cancel();
    asio::steady_timer patience(self->executor);
    for (auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
         self->running && std::chrono::steady_clock::now() < end;) {
        patience.expires_after(std::chrono::milliseconds(10));
        co_await patience.async_wait(tuple);
        self->timer.cancel();
    }
    if (self->connection) self->connection->cut();
}

asio::awaitable<result<void>> ImapMailbox::check() {
    auto const self = impl_;
    auto const step = co_await self->connect();
    if (step.kind != Step::Kind::ready) co_return Failure(errc::mail_unavailable, step.why);
    co_await self->connection->leave();
    self->connection->cut();
    co_return result<void>();
}

}  // namespace convoke::notifications
