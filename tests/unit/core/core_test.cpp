#include "service/core/clock.hpp"
#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"
#include "service/core/log.hpp"
#include "service/core/spawn.hpp"

#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <stdexcept>
#include <thread>

using namespace convoke::core;

TEST_CASE("hashes are the standard's", "[core]") {
    // FIPS 180-2 and RFC 4231, test case 2.
    CHECK(hex_encode(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex_encode(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("bytes have one text in each alphabet, and back", "[core]") {
    CHECK(base64url_encode("foobar") == "Zm9vYmFy");
    CHECK(base64url_encode("fooba") == "Zm9vYmE");
    CHECK(base64url_encode(std::string("\xfb\xff", 2)) == "-_8");
    CHECK(base32_encode(std::string(5, '\xff')) == "zzzzzzzz");
    CHECK(base32_encode(std::string("\x00", 1)) == "00");
    CHECK(hex_encode("\x01\xab") == "01ab");
    for (std::size_t size = 0; size < 70; ++size) {
        auto const bytes = random_bytes(size);
        CHECK(base64url_decode(base64url_encode(bytes)) == bytes);
        CHECK(base32_decode(base32_encode(bytes)) == bytes);
        CHECK(hex_decode(hex_encode(bytes)) == bytes);
    }
    CHECK(base32_decode("ZZZZZZZZ") == std::string(5, '\xff'));
    CHECK(base32_decode("0O") == std::string(1, '\0'));
    CHECK(base32_decode("iLoO") == base32_decode("1100").value_or("none"));
    for (auto const* wrong : {"Z", "Zg==", "Zh", "Zm9v!", "Zm9v\n", "Zm+v"}) CHECK_FALSE(base64url_decode(wrong).has_value());
    for (auto const* wrong : {"0", "000", "01", "0u", "00-0"}) CHECK_FALSE(base32_decode(wrong).has_value());
    for (auto const* wrong : {"0", "0g", "0x", " 0"}) CHECK_FALSE(hex_decode(wrong).has_value());
}

TEST_CASE("random bytes differ, and comparing is about content", "[core]") {
    CHECK(random_bytes(16) != random_bytes(16));
    CHECK(random_bytes(0).empty());
    CHECK(constant_time_equal("same", "same"));
    CHECK(constant_time_equal("", ""));
    CHECK_FALSE(constant_time_equal("same", "sane"));
    CHECK_FALSE(constant_time_equal("same", "same "));
}

TEST_CASE("ids grow, stay positive and tell the time", "[core]") {
    std::int64_t last = 0;
    for (int i = 0; i < 200'000; ++i) {
        auto const id = new_id();
        if (id <= last) FAIL("after " << last << " came " << id);
        last = id;
    }
    using namespace std::chrono;
    auto const then = sys_days{year{2025} / 1 / 1} + milliseconds(new_id() >> 23);
    CHECK(abs(system_clock::now() - then) < minutes(1));
}

TEST_CASE("threads never get the same id", "[core]") {
    std::vector<std::vector<std::int64_t>> each(4);
    std::vector<std::thread> threads;
    for (auto& mine : each)
        threads.emplace_back([&mine] {
            for (int i = 0; i < 20'000; ++i) mine.push_back(new_id());
        });
    for (auto& thread : threads) thread.join();
    std::set<std::int64_t> all;
    for (auto const& mine : each) {
        CHECK(std::is_sorted(mine.begin(), mine.end()));
        all.insert(mine.begin(), mine.end());
    }
    CHECK(all.size() == 80'000);
}

TEST_CASE("ids have one text of 13 characters that sorts as they do", "[core]") {
    CHECK(format_id(0) == "0000000000000");
    CHECK(format_id(INT64_MAX) == "7zzzzzzzzzzzz");
    auto previous = format_id(new_id());
    for (int i = 0; i < 1000; ++i) {
        auto const id = new_id();
        auto const text = format_id(id);
        CHECK(text.size() == 13);
        CHECK(previous < text);
        CHECK(parse_id(text) == id);
        previous = text;
    }
    CHECK(parse_id("7ZZZZZZZZZZZZ") == INT64_MAX);
    for (auto const* wrong : {"", "0", "8000000000000", "zzzzzzzzzzzzz", "000000000000u", "000000000000-", "00000000000000"})
        CHECK_FALSE(parse_id(wrong).has_value());
    CHECK_THROWS_AS(format_id(-1), std::invalid_argument);
}

TEST_CASE("a log line is one line that no value can break", "[core]") {
    CHECK(log::render("store", "group", {{"jobs", 64}, {"ok", true}, {"id", "abc"}}) == "store group jobs=64 ok=true id=abc");
    CHECK(log::render("a", "b", {{"v", "two words"}, {"e", ""}}) == "a b v=\"two words\" e=\"\"");
    CHECK(log::render("a", "b", {{"v", "x\r\n2026 info y\x1b[31m \"q\" \\ \x7f"}}) == "a b v=\"x\\r\\n2026 info y\\x1b[31m \\\"q\\\" \\\\ \\x7f\"");
    CHECK(log::render("a", "b", {{"v", "\xc2\x9b" "31m"}}) == "a b v=\"\\xc2\\x9b31m\"");
    CHECK(log::render("a", "b", {{"v", "k=v"}}) == "a b v=\"k=v\"");
    CHECK(log::render("a", "b", {{"v", "été"}}) == "a b v=\"été\"");
    CHECK(log::set_level("debug"));
    CHECK(log::set_level("info"));
    CHECK_FALSE(log::set_level("loud"));
}

TEST_CASE("a detached task that throws ends alone", "[core]") {
    boost::asio::io_context context;
    int ended = 0;
    log::set_level(log::Level::off);
    for (int i = 0; i < 2; ++i)
        spawn(context.get_executor(), "test", [](int number, int& done) -> boost::asio::awaitable<void> {
            if (number == 0) throw std::runtime_error("trouble");
            ++done;
            co_return;
        }(i, ended));
    context.run();
    log::set_level(log::Level::info);
    CHECK(ended == 1);
}

TEST_CASE("the system's clock is in this century", "[core]") {
    SystemClock const clock;
    CHECK(clock.now() > std::chrono::sys_days{std::chrono::year{2025} / 1 / 1});
}
