// The SMTP client against a real server on loopback with real TLS, and the directory of files.
#include "running.hpp"
#include "smtp_server.hpp"

#include "notifications/file_transport.hpp"
#include "notifications/transport.hpp"
#include "notifications/transport_url.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/ssl.h>

#include <fstream>
#include <sstream>

using namespace convoke;
using namespace convoke::notifications;
using namespace convoke::test;
namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

Authority const& authority() {
    static const Authority made;
    return made;
}

// A server and a client that trusts its authority.
struct Fixture {
    explicit Fixture(SmtpScript script, CertificateWish const& wish = {})
        : server(authority().issue(wish), std::move(script)), implicit(false) {
        options.ca_file = files.file("ca.pem", authority().certificate());
        options.client_name = "client.example";
        options.connections = 2;
    }

    std::unique_ptr<Transport> transport(std::string const& host = "127.0.0.1") {
        options.url = (implicit ? "smtps://" : "smtp://") + user + host + ':' + std::to_string(server.port());
        auto made = make_transport(options, context.get_executor());
        if (!made) FAIL(made.error().detail);
        return *std::move(made);
    }

    Envelope mail(int number = 1) const {
        return {"rsvp@events.example", "ann@example.ie", std::to_string(number) + "@events.example",
                std::make_shared<std::string const>("Subject: " + std::to_string(number) + "\r\n\r\n.hidden dot\r\n")};
    }

    Delivery send(Transport& client, int number = 1) { return run(context, client.send(mail(number))); }

    TemporaryDirectory files;
    SmtpServer server;
    TransportOptions options;
    std::string user;
    bool implicit;
    asio::io_context context{1};
};

void expect_nothing_sent(Fixture& fixture, Delivery const& delivery) {
    CHECK(delivery.outcome == Outcome::paused);
    CHECK(fixture.server.mails().empty());
    for (auto const& line : fixture.server.lines()) {
        CAPTURE(line);
        CHECK_FALSE(line.starts_with("MAIL"));
        CHECK_FALSE(line.starts_with("AUTH"));
    }
}

}  // namespace

TEST_CASE("a mail goes over STARTTLS and over implicit TLS") {
    for (const bool implicit : {false, true}) {
        SmtpScript script;
        script.implicit_tls = implicit;
        Fixture fixture(script);
        fixture.implicit = implicit;
        const auto client = fixture.transport();
        const auto delivery = fixture.send(*client);
        CAPTURE(delivery.reason);
        CHECK(delivery.outcome == Outcome::sent);
        REQUIRE(fixture.server.mails().size() == 1);
        const auto mail = fixture.server.mails()[0];
        CHECK(mail.from == "rsvp@events.example");
        CHECK(mail.to == "ann@example.ie");
        CHECK(mail.data == "Subject: 1\r\n\r\n.hidden dot\r\n");
        CHECK(mail.encrypted);
    }
}

TEST_CASE("a name is verified and told by SNI, an address is verified against iPAddress") {
    Fixture fixture({});
    CHECK(fixture.send(*fixture.transport("localhost")).outcome == Outcome::sent);
    CHECK(fixture.server.server_name() == "localhost");
    CHECK(fixture.send(*fixture.transport("127.0.0.1")).outcome == Outcome::sent);
    CHECK(fixture.server.server_name().empty());
}

TEST_CASE("a certificate for another name or address is refused, and nothing is sent") {
    for (auto const& [host, names] : std::vector<std::pair<std::string, std::vector<std::string>>>{
             {"localhost", {"DNS:mail.example", "IP:127.0.0.1"}},
             {"127.0.0.1", {"DNS:localhost", "DNS:127.0.0.1", "IP:127.0.0.2"}},
             {"localhost", {"DNS:l*.localhost"}}}) {
        Fixture fixture({}, {names});
        const auto delivery = fixture.send(*fixture.transport(host));
        CAPTURE(host, delivery.reason);
        expect_nothing_sent(fixture, delivery);
        CHECK(delivery.reason.find("certificate") != std::string::npos);
        // The negative control: with verification off the same mail goes through.
        fixture.options.verify_certificates = false;
        CHECK(fixture.send(*fixture.transport(host)).outcome == Outcome::sent);
    }
}

TEST_CASE("an expired certificate or an unknown authority is refused") {
    {
        CertificateWish wish;
        wish.valid_from = -7000;
        wish.valid_until = -60;
        Fixture fixture({}, wish);
        const auto delivery = fixture.send(*fixture.transport());
        CAPTURE(delivery.reason);
        expect_nothing_sent(fixture, delivery);
        CHECK(delivery.reason.find("expired") != std::string::npos);
    }
    {
        Fixture fixture({});
        const Authority stranger;
        fixture.options.ca_file = fixture.files.file("other.pem", stranger.certificate());
        expect_nothing_sent(fixture, fixture.send(*fixture.transport()));
    }
    {
        Fixture fixture({});
        fixture.options.ca_file.clear();  // the system's authorities do not know ours
        expect_nothing_sent(fixture, fixture.send(*fixture.transport()));
    }
}

TEST_CASE("old TLS, no STARTTLS or plain text behind it: nothing is sent") {
    {
        SmtpScript script;
        script.tls_at_most = TLS1_1_VERSION;
        Fixture fixture(script);
        expect_nothing_sent(fixture, fixture.send(*fixture.transport()));
    }
    {
        SmtpScript script;
        script.offer_starttls = false;
        Fixture fixture(script);
        const auto delivery = fixture.send(*fixture.transport());
        expect_nothing_sent(fixture, delivery);
        CHECK(delivery.reason.find("STARTTLS") != std::string::npos);
    }
    {
        SmtpScript script;
        script.answer = [](std::string const& line) {
            return line == "STARTTLS" ? "220 go\r\n250-injected\r\n250 AUTH PLAIN" : "";
        };
        Fixture fixture(script);
        expect_nothing_sent(fixture, fixture.send(*fixture.transport()));
    }
}

TEST_CASE("a user logs in by PLAIN or LOGIN, a wrong password pauses") {
    for (std::string const offered : {"PLAIN LOGIN", "LOGIN", "PLAIN"}) {
        SmtpScript script;
        script.auth = offered;
        script.user = "robot@events.example";
        script.password = "s3cret: with spaces";
        Fixture fixture(script);
        fixture.user = "robot%40events.example@";
        fixture.options.password_file = fixture.files.file("password", script.password + "\n");
        const auto delivery = fixture.send(*fixture.transport());
        CAPTURE(offered, delivery.reason);
        CHECK(delivery.outcome == Outcome::sent);

        fixture.options.password_file = fixture.files.file("password", "wrong\n");
        const auto refused = fixture.send(*fixture.transport());
        CHECK(refused.outcome == Outcome::paused);
        CHECK(refused.reason.find("535") != std::string::npos);
        CHECK(refused.reason.find("wrong") == std::string::npos);
        CHECK(fixture.server.mails().size() == 1);
    }
}

TEST_CASE("connections are used again, and no more of them than allowed") {
    Fixture fixture({});
    const auto client = fixture.transport();
    for (int n = 0; n < 5; ++n) CHECK(fixture.send(*client, n).outcome == Outcome::sent);
    CHECK(fixture.server.connections() == 1);

    int done = 0;
    for (int n = 0; n < 10; ++n) {
        asio::co_spawn(
            fixture.context,
            [&, n]() -> asio::awaitable<void> {
                const auto delivery = co_await client->send(fixture.mail(n));
                CHECK(delivery.outcome == Outcome::sent);
                ++done;
            },
            asio::detached);
    }
    fixture.context.restart();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (done < 10 && std::chrono::steady_clock::now() < end) fixture.context.run_one_for(milliseconds(50));
    CHECK(done == 10);
    CHECK(fixture.server.mails().size() == 15);
    CHECK(fixture.server.most_at_once() == 2);
    run(fixture.context, client->close());
}

TEST_CASE("a server that ends connections between mails costs no mail") {
    SmtpScript script;
    script.mails_per_connection = 2;
    Fixture fixture(script);
    const auto client = fixture.transport();
    for (int n = 0; n < 7; ++n) CHECK(fixture.send(*client, n).outcome == Outcome::sent);
    CHECK(fixture.server.mails().size() == 7);
    CHECK(fixture.server.connections() == 4);
}

TEST_CASE("an idle connection is closed with a word") {
    Fixture fixture({});
    fixture.options.times.idle = milliseconds(50);
    const auto client = fixture.transport();
    CHECK(fixture.send(*client).outcome == Outcome::sent);
    const auto said_goodbye = [&] {
        const auto lines = fixture.server.lines();
        return std::find(lines.begin(), lines.end(), "QUIT") != lines.end();
    };
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!said_goodbye() && std::chrono::steady_clock::now() < end) {
        fixture.context.restart();
        fixture.context.run_one_for(milliseconds(20));
    }
    CHECK(said_goodbye());
    CHECK(fixture.send(*client, 2).outcome == Outcome::sent);
    CHECK(fixture.server.connections() == 2);
}

TEST_CASE("what a misbehaving server does to a mail") {
    struct Row {
        std::string name, line, reply;
        Outcome outcome;
        bool in_doubt;
    };
    const std::vector<Row> rows{
        {"never greets", "GREETING", "STALL", Outcome::paused, false},
        {"greets byte by byte without end", "GREETING", "SLOW 220-" + std::string(1500, 'x'), Outcome::paused, false},
        {"greets slowly", "GREETING", "SLOW 220 slow", Outcome::sent, false},
        {"closes at once", "GREETING", "DROP", Outcome::paused, false},
        {"sends it away", "GREETING", "554 no", Outcome::paused, false},
        {"is busy", "GREETING", "421 busy", Outcome::paused, false},
        {"talks without end", "GREETING", "220-" + std::string(3000, 'y'), Outcome::paused, false},
        {"talks nonsense", "GREETING", "HTTP/1.1 400 Bad Request", Outcome::paused, false},
        {"refuses STARTTLS", "STARTTLS", "454 not now", Outcome::paused, false},
        {"stalls in the handshake", "STARTTLS", "STALL", Outcome::paused, false},
        {"refuses the sender", "MAIL FROM:<rsvp@events.example> SIZE=27", "550 no", Outcome::paused, false},
        {"refuses the recipient", "RCPT TO:<ann@example.ie>", "550 5.1.1 unknown", Outcome::refused, false},
        {"greylists", "RCPT TO:<ann@example.ie>", "450 4.2.0 greylisted", Outcome::deferred, false},
        {"has no room", "DATA", "452 full", Outcome::deferred, false},
        {"drops at DATA", "DATA", "DROP", Outcome::deferred, false},
        {"drops after the dot", ".", "DROP", Outcome::deferred, true},
        {"stalls after the dot", ".", "STALL", Outcome::deferred, true},
        {"defers after the dot", ".", "451 later", Outcome::deferred, false},
        {"refuses after the dot", ".", "554 5.6.0 no", Outcome::refused, false},
        {"answers twice", "RCPT TO:<ann@example.ie>", "250 ok\r\n354 go\r\n250 queued", Outcome::deferred, false},
        {"slowly queues", ".", "SLOW 250 queued", Outcome::sent, false},
    };
    for (auto const& row : rows) {
        CAPTURE(row.name);
        SmtpScript script;
        script.answer = [&row](std::string const& line) { return line == row.line ? row.reply : std::string(); };
        Fixture fixture(script);
        fixture.options.times = {milliseconds(5000), milliseconds(1500), milliseconds(1500),
                                 milliseconds(1500), milliseconds(1500), milliseconds(5000)};
        const auto client = fixture.transport();
        const auto delivery = fixture.send(*client);
        CAPTURE(delivery.reason);
        CHECK(delivery.outcome == row.outcome);
        CHECK(delivery.in_doubt == row.in_doubt);
        CHECK(fixture.server.mails().size() == (row.outcome == Outcome::sent ? 1 : 0));
    }
}

TEST_CASE("a refusal does not spoil the connection for the next mail") {
    SmtpScript script;
    script.answer = [asked = 0](std::string const& line) mutable {
        return line.starts_with("RCPT") && asked++ == 0 ? "550 unknown" : "";
    };
    Fixture fixture(script);
    const auto client = fixture.transport();
    CHECK(fixture.send(*client).outcome == Outcome::refused);
    CHECK(fixture.send(*client, 2).outcome == Outcome::sent);
    CHECK(fixture.server.connections() == 1);
}

TEST_CASE("nobody listens: paused, and the check says so") {
    Fixture fixture({});
    unsigned short free_port = 0;
    {
        asio::ip::tcp::acceptor probe(fixture.context, {asio::ip::address_v4::loopback(), 0});
        free_port = probe.local_endpoint().port();
    }
    fixture.options.url = "smtp://127.0.0.1:" + std::to_string(free_port);
    const auto client = *make_transport(fixture.options, fixture.context.get_executor());
    CHECK(fixture.send(*client).outcome == Outcome::paused);
    const auto checked = run(fixture.context, client->check());
    REQUIRE(checked.has_error());
    CHECK(checked.error().code == errc::mail_unavailable);

    const auto good = run(fixture.context, fixture.transport()->check());
    CHECK(good.has_value());
    CHECK(fixture.server.mails().empty());
}

TEST_CASE("abort ends a send that would take for ever") {
    SmtpScript script;
    script.answer = [](std::string const& line) { return line == "." ? "STALL" : ""; };
    Fixture fixture(script);
    const auto client = fixture.transport();
    std::optional<Delivery> delivery;
    asio::co_spawn(
        fixture.context, [&]() -> asio::awaitable<void> { delivery = co_await client->send(fixture.mail()); }, asio::detached);
    const auto in_data = [&] {
        const auto lines = fixture.server.lines();
        return !lines.empty() && lines.back() == "DATA";
    };
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!in_data() && std::chrono::steady_clock::now() < end) fixture.context.run_one_for(milliseconds(10));
    fixture.context.run_for(milliseconds(50));
    client->abort();
    while (!delivery && std::chrono::steady_clock::now() < end) {
        fixture.context.restart();
        fixture.context.run_one_for(milliseconds(10));
    }
    REQUIRE(delivery);
    CHECK(delivery->outcome == Outcome::deferred);
}

TEST_CASE("transport addresses are read, and wrong ones are explained") {
    const auto good = parse_transport_url("smtps://robot%40x.example@mail.example:10465");
    REQUIRE(good.has_value());
    CHECK(good->user == "robot@x.example");
    CHECK(good->host == "mail.example");
    CHECK(good->port == "10465");
    CHECK(parse_transport_url("smtp://mail.example")->port == "587");
    CHECK(parse_transport_url("smtps://mail.example/")->port == "465");
    CHECK(parse_transport_url("smtp://u@[2001:db8::1]:25")->host == "2001:db8::1");
    CHECK(parse_transport_url("file:mail/")->directory == "mail/");
    for (auto bad : {"", "mail.example", "http://x", "smtp://", "smtp://u:p@host", "smtp://@host", "smtp://host:0",
                     "smtp://host:99999", "smtp://host:", "smtp://[::1", "smtp://ho st", "file:", "smtp://%zz@host",
                     "smtp://a%0db@host", "smtp://host\r\n"}) {
        CAPTURE(bad);
        const auto parsed = parse_transport_url(bad);
        REQUIRE(parsed.has_error());
        CHECK(parsed.error().detail.find("smtps://[user@]host") != std::string::npos);
    }
    asio::io_context context;
    const auto refused = [&](std::string const& url, std::string const& password_file, std::string const& ca_file) {
        TransportOptions options;
        options.url = url;
        options.password_file = password_file;
        options.ca_file = ca_file;
        return make_transport(options, context.get_executor()).has_error();
    };
    CHECK(refused("smtp://u@host", "", ""));
    CHECK(refused("smtp://u@host", "/nowhere/at/all", ""));
    CHECK(refused("smtp://host", "", "/nowhere/at/all"));
    CHECK(refused("file:/proc/version/mail", "", ""));
}

TEST_CASE("files are whole mails under the Message-ID's name, and a retry replaces its file") {
    TemporaryDirectory directory;
    asio::io_context context{1};
    TransportOptions options;
    options.url = "file:" + (directory.path / "mail").string();
    const auto client = *make_transport(options, context.get_executor());
    Envelope mail{"a@b.example", "c@d.example", "../../1.x@events.example", std::make_shared<std::string const>("x\r\n")};
    for (int n = 0; n < 2; ++n) CHECK(run(context, client->send(mail)).outcome == Outcome::sent);
    std::vector<std::string> names;
    for (auto const& file : std::filesystem::directory_iterator(directory.path / "mail")) names.push_back(file.path().filename());
    REQUIRE(names.size() == 1);
    CHECK(names[0] == "_._.._1.x@events.example.eml");
    std::ifstream in(directory.path / "mail" / names[0], std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    CHECK(content.str() == "x\r\n");
    CHECK(run(context, client->check()).has_value());

    std::filesystem::remove_all(directory.path / "mail");
    CHECK(run(context, client->send(mail)).outcome == Outcome::paused);
    CHECK(run(context, client->check()).has_error());
}
