#include "letters.hpp"
#include "memory_outbox.hpp"

#include "notifications/dispatcher.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <catch2/catch.hpp>

#include <thread>

using namespace convoke;
using namespace convoke::notifications;
using namespace convoke::test;
namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct Bench {
    Bench() { options.longest_sleep = milliseconds(20); }
    ~Bench() { stop(); }

    void start() {
        dispatcher.emplace(outbox, transport, letter_templates(), [this] { return now; },
                           [this](std::string_view line) { log.emplace_back(line); }, context.get_executor(), options);
        asio::co_spawn(
            context,
            [this]() -> asio::awaitable<void> {
                co_await dispatcher->run();
                stopped = true;
            },
            asio::detached);
    }
    // Runs until the condition holds; false after ten seconds.
    template <class Condition>
    bool until(Condition condition) {
        const auto end = std::chrono::steady_clock::now() + seconds(10);
        while (!condition() && std::chrono::steady_clock::now() < end) {
            context.restart();
            context.run_one_for(milliseconds(5));
        }
        return condition();
    }
    void stop() {
        if (!dispatcher || stopped) return;
        dispatcher->stop();
        REQUIRE(until([&] { return stopped; }));
    }
    bool all_sent() { return outbox.count("sent") == outbox.mails.size(); }

    calendar::sys_seconds now = letter_now();
    asio::io_context context{1};
    MemoryOutbox outbox{[this] { return now; }};
    FakeTransport transport{4};
    DispatcherOptions options;
    std::vector<std::string> log;
    std::optional<Dispatcher> dispatcher;
    bool stopped = false;
};

}  // namespace

TEST_CASE("what is due goes out, over all connections, each once") {
    Bench bench;
    for (int id = 1; id <= 151; ++id) bench.outbox.add(id);
    bench.transport.takes = milliseconds(1);
    bench.start();
    CHECK(bench.until([&] { return bench.all_sent(); }));
    CHECK(bench.transport.attempts.size() == 151);
    CHECK(bench.transport.most_busy == 4);
    CHECK(bench.outbox.largest_claim <= 32);
    for (auto const& [id, mail] : bench.outbox.mails) CHECK(mail.reason == "250 ok");
    CHECK(bench.dispatcher->status().sent == 151);
    bench.stop();
    CHECK(bench.dispatcher->status().in_hand == 0);
}

TEST_CASE("a connection takes no new mail before its last one is marked: a crash doubles at most one each") {
    Bench bench;
    for (int id = 1; id <= 40; ++id) bench.outbox.add(id);
    bench.outbox.failing_settles = 3;  // marks that take their time
    std::size_t most_in_doubt = 0;
    bench.transport.before = [&](Attempt const&) {
        most_in_doubt = std::max(most_in_doubt, bench.transport.attempts.size() - bench.outbox.settled);
    };
    bench.start();
    CHECK(bench.until([&] { return bench.all_sent(); }));
    CHECK(most_in_doubt <= 4);
}

TEST_CASE("the bytes are written down before the first attempt") {
    Bench bench;
    for (int id = 1; id <= 10; ++id) bench.outbox.add(id);
    bench.transport.before = [&](Attempt const& attempt) {
        auto const& mail = bench.outbox.mails.at(attempt.number);
        REQUIRE(mail.frozen);
        CHECK(*mail.frozen->bytes == attempt.bytes);
        CHECK(mail.frozen->message_id == attempt.message_id);
    };
    bench.start();
    CHECK(bench.until([&] { return bench.all_sent(); }));
}

TEST_CASE("a retry sends the same bytes, whatever has changed meanwhile") {
    Bench bench;
    bench.outbox.add(1);
    bench.transport.outcome = [&](Attempt const&) {
        return bench.transport.attempts.size() < 3 ? Delivery{Outcome::deferred, "451 later"} : Delivery{Outcome::sent, "250 ok"};
    };
    bench.start();
    for (int attempts = 1; attempts <= 2; ++attempts) {
        REQUIRE(bench.until([&] { return bench.outbox.mails.at(1).attempts == attempts; }));
        CHECK(bench.outbox.mails.at(1).state == "pending");
        CHECK(bench.outbox.mails.at(1).due == bench.now + seconds(attempts == 1 ? 60 : 120));
        bench.outbox.mails.at(1).facts.event_title = "Something else";
        bench.now = bench.outbox.mails.at(1).due;
    }
    REQUIRE(bench.until([&] { return bench.all_sent(); }));
    REQUIRE(bench.transport.attempts.size() == 3);
    CHECK(bench.transport.attempts[0].bytes == bench.transport.attempts[2].bytes);
    CHECK(bench.transport.attempts[0].message_id == bench.transport.attempts[2].message_id);
    CHECK(bench.outbox.mails.at(1).froze == 1);
}

TEST_CASE("retries come after 1, 2, 4 … 60 minutes, for two days") {
    const DispatcherOptions options;
    CHECK(retry_delay(1, options) == seconds(60));
    CHECK(retry_delay(2, options) == seconds(120));
    CHECK(retry_delay(6, options) == seconds(1920));
    CHECK(retry_delay(7, options) == seconds(3600));
    CHECK(retry_delay(1000, options) == seconds(3600));

    Bench bench;
    bench.outbox.add(1).created = bench.now - std::chrono::hours(48);
    bench.outbox.add(2).created = bench.now - std::chrono::hours(47);
    bench.transport.outcome = [](Attempt const&) { return Delivery{Outcome::deferred, "451 later"}; };
    bench.start();
    CHECK(bench.until([&] { return bench.outbox.count("failed") == 1 && bench.outbox.mails.at(2).attempts == 1; }));
    CHECK(bench.outbox.mails.at(1).state == "failed");
}

TEST_CASE("one refused recipient does not touch the others") {
    Bench bench;
    for (int id = 1; id <= 20; ++id) bench.outbox.add(id);
    bench.transport.outcome = [](Attempt const& attempt) {
        return attempt.number == 7 ? Delivery{Outcome::refused, "550 unknown"} : Delivery{Outcome::sent, "250 ok"};
    };
    bench.start();
    CHECK(bench.until([&] { return bench.outbox.count("sent") == 19 && bench.outbox.count("failed") == 1; }));
    CHECK(bench.outbox.mails.at(7).reason == "550 unknown");
}

TEST_CASE("a server in trouble pauses the queue and burns no attempt") {
    Bench bench;
    bench.options.first_pause = milliseconds(30);
    bench.options.last_pause = milliseconds(100);
    for (int id = 1; id <= 50; ++id) bench.outbox.add(id);
    bool broken = true;
    bench.transport.outcome = [&](Attempt const&) {
        return broken ? Delivery{Outcome::paused, "535 wrong password"} : Delivery{Outcome::sent, "250 ok"};
    };
    bench.start();
    REQUIRE(bench.until([&] { return bench.transport.attempts.size() >= 8; }));
    CHECK(bench.dispatcher->status().paused);
    CHECK(bench.dispatcher->status().reason == "535 wrong password");
    // Four at once at first, then single probes.
    CHECK(bench.transport.attempts.size() < 12);
    CHECK(bench.outbox.count("sending") <= 1);
    broken = false;
    CHECK(bench.until([&] { return bench.all_sent(); }));
    for (auto const& [id, mail] : bench.outbox.mails) {
        CHECK(mail.attempts == 0);
        CHECK(mail.froze <= 1);
    }
    CHECK_FALSE(bench.dispatcher->status().paused);
}

TEST_CASE("log and status hold no addresses, the outbox has the whole reply") {
    Bench bench;
    bench.outbox.add(1);
    bench.transport.outcome = [](Attempt const&) { return Delivery{Outcome::paused, "554 <ann@example.ie>: Relay access denied"}; };
    bench.start();
    REQUIRE(bench.until([&] { return bench.outbox.settled == 1; }));
    CHECK(bench.dispatcher->status().reason == "554 <address> Relay access denied");
    for (auto const& line : bench.log) CHECK(line.find('@') == std::string::npos);
    CHECK(bench.outbox.mails.at(1).reason.find("ann@example.ie") != std::string::npos);
}

TEST_CASE("pauses grow and wake does not shorten them") {
    Bench bench;
    bench.options.first_pause = milliseconds(40);
    bench.options.last_pause = milliseconds(160);
    bench.outbox.add(1);
    std::vector<std::chrono::steady_clock::time_point> times;
    bench.transport.outcome = [&](Attempt const&) {
        times.push_back(std::chrono::steady_clock::now());
        return Delivery{Outcome::paused, "away"};
    };
    bench.start();
    REQUIRE(bench.until([&] {
        bench.dispatcher->wake();
        return times.size() >= 5;
    }));
    CHECK(times[1] - times[0] >= milliseconds(40));
    CHECK(times[2] - times[1] >= milliseconds(80));
    CHECK(times[3] - times[2] >= milliseconds(160));
    CHECK(times[4] - times[3] >= milliseconds(160));
}

TEST_CASE("a mark that fails after the 250 is made until it holds, and the mail is not sent again") {
    for (const bool throws : {false, true}) {
        Bench bench;
        bench.outbox.add(1);
        bench.outbox.throws = throws;
        bench.outbox.failing_settles = 3;
        bench.start();
        CHECK(bench.until([&] { return bench.all_sent(); }));
        CHECK(bench.transport.attempts.size() == 1);
        CHECK(bench.log.size() == 1);
    }
}

TEST_CASE("without durable bytes nothing is sent") {
    Bench bench;
    bench.outbox.add(1);
    bench.outbox.failing_freezes = 1;
    bench.start();
    REQUIRE(bench.until([&] { return bench.outbox.settled == 1; }));
    CHECK(bench.transport.attempts.empty());
    CHECK(bench.outbox.mails.at(1).attempts == 0);
    bench.now += seconds(10);
    CHECK(bench.until([&] { return bench.all_sent(); }));
}

TEST_CASE("a database that is away is asked again") {
    Bench bench;
    bench.outbox.add(1);
    bench.outbox.failing_claims = 3;
    bench.outbox.throws = true;
    bench.start();
    CHECK(bench.until([&] { return bench.all_sent(); }));
}

TEST_CASE("what has nothing to say any more ends without a mail") {
    Bench bench;
    bench.outbox.add(1).superseded = "the event is cancelled";
    bench.outbox.add(2).unreadable = errc::not_found;
    bench.outbox.add(3).unreadable = errc::database_unavailable;
    bench.outbox.add(4).facts.recipient_address = "nobody\r\nBcc: x@y";
    bench.outbox.add(5);
    bench.start();
    CHECK(bench.until([&] { return bench.outbox.settled >= 5; }));
    CHECK(bench.outbox.mails.at(1).state == "superseded");
    CHECK(bench.outbox.mails.at(1).reason == "the event is cancelled");
    CHECK(bench.outbox.mails.at(2).state == "failed");
    CHECK(bench.outbox.mails.at(3).state == "pending");
    CHECK(bench.outbox.mails.at(3).due > bench.now);
    CHECK(bench.outbox.mails.at(4).state == "failed");
    CHECK(bench.outbox.mails.at(5).state == "sent");
    CHECK(bench.transport.attempts.size() == 1);
}

TEST_CASE("a mail whose calendar part the linter refuses ends as failed, with the rule, and the log says so") {
    Bench bench;
    auto& refused = bench.outbox.add(1);
    refused.facts = letter(LetterKind::invitation, "en");
    refused.facts.entry.uid = "without-a-domain";
    bench.outbox.add(2);
    bench.start();
    CHECK(bench.until([&] { return bench.outbox.settled >= 2; }));
    CHECK(bench.outbox.mails.at(1).state == "failed");
    CHECK(bench.outbox.mails.at(1).reason.find("S1, line ") != std::string::npos);
    CHECK(bench.outbox.mails.at(2).state == "sent");
    CHECK(bench.transport.attempts.size() == 1);
    CHECK(std::any_of(bench.log.begin(), bench.log.end(), [](std::string const& line) { return line.find("S1, line ") != std::string::npos; }));
    for (auto const& line : bench.log) CHECK(line.find('@') == std::string::npos);
}

TEST_CASE("a mail whose lease is somebody else's is not sent") {
    Bench bench;
    bench.outbox.add(1);
    bench.outbox.stolen = {1};
    bench.start();
    REQUIRE(bench.until([&] { return bench.outbox.claims >= 3; }));
    CHECK(bench.transport.attempts.empty());

    // Lost while it waits for a connection: the others keep it busy, the renewal says it is gone.
    Bench slow;
    slow.options.renew_every = milliseconds(10);
    slow.options.claims_per_connection = 10;
    for (int id = 1; id <= 12; ++id) slow.outbox.add(id);
    slow.transport.takes = milliseconds(60);
    slow.transport.before = [&](Attempt const&) { slow.outbox.stolen = {12}; };
    slow.start();
    CHECK(slow.until([&] { return slow.outbox.count("sent") == 11; }));
    CHECK(slow.outbox.renewals > 0);
    CHECK(slow.outbox.mails.at(12).state == "sending");
    CHECK(slow.transport.attempts.size() == 11);
}

TEST_CASE("a lease that cannot be renewed in time ends before anything is sent on it") {
    Bench bench;
    bench.options.lease = milliseconds(300);
    bench.options.lease_margin = milliseconds(100);
    bench.options.claims_per_connection = 10;
    bench.transport.takes = milliseconds(400);
    for (int id = 1; id <= 12; ++id) {
        bench.outbox.add(id).frozen =
            Envelope{"a@b.example", "c@d.example", std::to_string(id) + "@x", std::make_shared<std::string const>("x\r\n")};
    }
    bench.start();
    REQUIRE(bench.until([&] { return bench.outbox.count("sent") == 4 && bench.dispatcher->status().in_hand == 0; }));
    CHECK(bench.transport.attempts.size() == 4);
    // The negative control: renewed in time, all of them go out.
    Bench renewed;
    renewed.options = bench.options;
    renewed.options.renew_every = milliseconds(50);
    renewed.transport.takes = milliseconds(400);
    renewed.outbox.mails = bench.outbox.mails;
    for (auto& [id, mail] : renewed.outbox.mails) mail.state = "pending";
    renewed.start();
    CHECK(renewed.until([&] { return renewed.all_sent(); }));
}

TEST_CASE("stop waits for what is being sent and gives the rest back") {
    Bench bench;
    for (int id = 1; id <= 30; ++id) bench.outbox.add(id);
    bench.transport.takes = milliseconds(100);
    bench.start();
    REQUIRE(bench.until([&] { return bench.transport.busy == 4; }));
    bench.stop();
    CHECK(bench.outbox.count("sent") == 4);
    CHECK(bench.outbox.count("pending") == 26);
    CHECK(bench.outbox.count("sending") == 0);
    for (auto const& [id, mail] : bench.outbox.mails) CHECK(mail.attempts == 0);
}

TEST_CASE("stop breaks off what hangs, and it costs no attempt") {
    Bench bench;
    bench.options.drain = milliseconds(50);
    for (int id = 1; id <= 3; ++id) bench.outbox.add(id);
    bench.transport.hangs = true;
    bench.start();
    REQUIRE(bench.until([&] { return bench.transport.busy == 3; }));
    bench.stop();
    CHECK(bench.transport.aborted);
    CHECK(bench.outbox.count("pending") == 3);
    for (auto const& [id, mail] : bench.outbox.mails) CHECK(mail.attempts == 0);
}

TEST_CASE("wake from another thread finds new mail at once") {
    Bench bench;
    bench.options.longest_sleep = seconds(60);
    bench.start();
    REQUIRE(bench.until([&] { return bench.outbox.claims == 1; }));
    bench.context.poll();
    bench.outbox.add(1);
    std::thread([&] { bench.dispatcher->wake(); }).join();
    CHECK(bench.until([&] { return bench.all_sent(); }));
}

TEST_CASE("a lost wake costs no more than the longest sleep") {
    Bench bench;
    bench.start();
    REQUIRE(bench.until([&] { return bench.outbox.claims == 1; }));
    bench.outbox.add(1);
    CHECK(bench.until([&] { return bench.all_sent(); }));
}
