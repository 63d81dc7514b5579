#include "smtp_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/evp.h>

#include <mutex>
#include <thread>

namespace convoke::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::awaitable;
using asio::use_awaitable;
constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

std::string base64(std::string const& text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    out.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                                        reinterpret_cast<unsigned char const*>(text.data()),
                                                        static_cast<int>(text.size()))));
    return out;
}

struct Dropped {};

}  // namespace

struct SmtpServer::State {
    State(KeyAndCertificate const& identity, SmtpScript given)
        : script(std::move(given)), tls(asio::ssl::context::tls_server), acceptor(context, {asio::ip::address_v4::loopback(), 0}) {
        tls.use_certificate_chain(asio::buffer(identity.certificate));
        tls.use_private_key(asio::buffer(identity.key), asio::ssl::context::pem);
        if (script.tls_at_most) SSL_CTX_set_max_proto_version(tls.native_handle(), script.tls_at_most);
    }

    SmtpScript script;
    asio::io_context context{1};
    asio::ssl::context tls;
    tcp::acceptor acceptor;
    std::thread thread;
    mutable std::mutex mutex;
    std::vector<ReceivedMail> mails;
    std::vector<std::string> lines;
    std::string server_name;
    int connections = 0, open = 0, most = 0;

    awaitable<void> accept();
    void note(std::string const& line) {
        const std::lock_guard lock(mutex);
        lines.push_back(line);
    }
};

namespace {

template <class State>
struct Session {
    State& state;
    asio::ssl::stream<tcp::socket> stream;
    std::string buffer;
    bool encrypted = false, logged_in = false;
    int mails = 0;

    Session(State& owner, tcp::socket socket) : state(owner), stream(std::move(socket), owner.tls) {}

    awaitable<std::string> read_line() {
        while (true) {
            if (const auto end = buffer.find("\r\n"); end != std::string::npos) {
                auto line = buffer.substr(0, end);
                buffer.erase(0, end + 2);
                co_return line;
            }
            char bytes[4096];
            boost::system::error_code error;
            std::size_t count = 0;
            if (encrypted) std::tie(error, count) = co_await stream.async_read_some(asio::buffer(bytes), tuple);
            else std::tie(error, count) = co_await stream.next_layer().async_read_some(asio::buffer(bytes), tuple);
            if (error) throw Dropped();
            buffer.append(bytes, count);
        }
    }

    awaitable<void> put(std::string text) {
        if (encrypted) co_await asio::async_write(stream, asio::buffer(text), use_awaitable);
        else co_await asio::async_write(stream.next_layer(), asio::buffer(text), use_awaitable);
    }

    // The script's answer or ours.
    std::string decide(std::string const& line, std::string usual) {
        auto reply = state.script.answer ? state.script.answer(line) : std::string();
        return reply.empty() ? usual : reply;
    }

    awaitable<std::string> say(std::string const& line, std::string usual) { co_return co_await carry_out(decide(line, usual)); }

    awaitable<std::string> carry_out(std::string reply) {
        if (reply == "DROP") throw Dropped();
        if (reply == "STALL") {
            asio::steady_timer never(stream.get_executor(), std::chrono::hours(1));
            co_await never.async_wait(use_awaitable);
        }
        if (reply.starts_with("SLOW ")) {
            for (char c : reply.substr(5) + "\r\n") {
                asio::steady_timer pause(stream.get_executor(), std::chrono::milliseconds(20));
                co_await pause.async_wait(use_awaitable);
                co_await put(std::string(1, c));
            }
            co_return reply.substr(5);
        }
        co_await put(reply + "\r\n");
        co_return reply;
    }

    awaitable<void> handshake() {
        co_await stream.async_handshake(asio::ssl::stream_base::server, use_awaitable);
        encrypted = true;
        buffer.clear();
        char const* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
        const std::lock_guard lock(state.mutex);
        state.server_name = name ? name : "";
    }

    awaitable<void> login(std::string const& line) {
        bool right = line == "AUTH PLAIN " + base64('\0' + state.script.user + '\0' + state.script.password);
        if (line == "AUTH LOGIN") {
            co_await put("334 VXNlcm5hbWU6\r\n");
            const auto user = co_await read_line();
            co_await put("334 UGFzc3dvcmQ6\r\n");
            right = user == base64(state.script.user) && co_await read_line() == base64(state.script.password);
        }
        logged_in = right && encrypted;
        co_await say("AUTH", logged_in ? "235 welcome" : "535 5.7.8 no");
    }

    awaitable<void> take_mail(ReceivedMail mail) {
        while (true) {
            auto line = co_await read_line();
            if (line == ".") break;
            if (line.starts_with('.')) line.erase(0, 1);
            mail.data += line + "\r\n";
        }
        const auto reply = decide(".", "250 2.0.0 queued");
        if (reply.starts_with("250") || reply.starts_with("SLOW 250")) {
            const std::lock_guard lock(state.mutex);  // before the client can know
            state.mails.push_back(std::move(mail));
        }
        co_await carry_out(reply);
    }

    awaitable<void> run() {
        if (state.script.implicit_tls) co_await handshake();
        co_await say("GREETING", "220 test server");
        ReceivedMail mail;
        while (true) {
            const auto line = co_await read_line();
            state.note(line);
            if (line.starts_with("EHLO")) {
                std::string reply = "250-test server\r\n";
                if (state.script.offer_starttls && !encrypted) reply += "250-STARTTLS\r\n";
                if (!state.script.auth.empty()) reply += "250-AUTH " + state.script.auth + "\r\n";
                co_await say(line, reply + "250 SIZE 1000000");
            } else if (line == "STARTTLS") {
                if ((co_await say(line, "220 go")).starts_with("220")) co_await handshake();
            } else if (line.starts_with("AUTH")) {
                co_await login(line);
            } else if (line.starts_with("MAIL FROM:<")) {
                if (state.script.mails_per_connection && mails++ >= state.script.mails_per_connection) {
                    co_await put("421 enough for one connection\r\n");
                    throw Dropped();
                }
                mail = {line.substr(11, line.find('>') - 11), "", "", encrypted};
                const bool may = state.script.user.empty() || logged_in;
                co_await say(line, may ? "250 ok" : "530 5.7.0 log in first");
            } else if (line.starts_with("RCPT TO:<")) {
                mail.to = line.substr(9, line.find('>') - 9);
                co_await say(line, "250 ok");
            } else if (line == "DATA") {
                if ((co_await say(line, "354 go")).starts_with("354")) co_await take_mail(mail);
            } else if (line == "QUIT") {
                co_await say(line, "221 bye");
                throw Dropped();
            } else {
                co_await say(line, "250 ok");
            }
        }
    }
};

}  // namespace

awaitable<void> SmtpServer::State::accept() {
    while (true) {
        auto [error, socket] = co_await acceptor.async_accept(tuple);
        if (error) co_return;
        {
            const std::lock_guard lock(mutex);
            ++connections;
            most = std::max(most, ++open);
        }
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(
            context,
            [this, peer = std::move(socket)]() mutable -> awaitable<void> {
                try {
                    Session<State> session(*this, std::move(peer));
                    co_await session.run();
                } catch (Dropped const&) {
                } catch (std::exception const&) {
                }
                const std::lock_guard lock(mutex);
                --open;
            },
            asio::detached);
    }
}

SmtpServer::SmtpServer(KeyAndCertificate const& identity, SmtpScript script)
    : state_(std::make_shared<State>(identity, std::move(script))) {
    asio::co_spawn(state_->context, state_->accept(), asio::detached);
    state_->thread = std::thread([state = state_.get()] { state->context.run(); });
}

SmtpServer::~SmtpServer() {
    state_->context.stop();
    state_->thread.join();
}

unsigned short SmtpServer::port() const { return state_->acceptor.local_endpoint().port(); }

std::vector<ReceivedMail> SmtpServer::mails() const {
    const std::lock_guard lock(state_->mutex);
    return state_->mails;
}

std::vector<std::string> SmtpServer::lines() const {
    const std::lock_guard lock(state_->mutex);
    return state_->lines;
}

int SmtpServer::connections() const {
    const std::lock_guard lock(state_->mutex);
    return state_->connections;
}

int SmtpServer::most_at_once() const {
    const std::lock_guard lock(state_->mutex);
    return state_->most;
}

std::string SmtpServer::server_name() const {
    const std::lock_guard lock(state_->mutex);
    return state_->server_name;
}

}  // namespace convoke::test
