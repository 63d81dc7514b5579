#include "service/http/overload.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <thread>

using namespace convoke::http;
using namespace std::chrono_literals;

namespace {

// Callers that stay inside until they are let go.
struct Crowd {
    OverloadGuard& guard;
    std::vector<OverloadGuard::Place> inside{};

    std::size_t enter(std::size_t count, Method method = Method::post) {
        std::size_t taken = 0;
        Request const request(method, "/api/v1/events");
        for (std::size_t i = 0; i < count; ++i) {
            if (auto place = guard.enter(request)) {
                inside.push_back(std::move(*place));
                ++taken;
            }
        }
        return taken;
    }
    void leave(std::size_t count) {
        for (; count > 0 && !inside.empty(); --count) inside.pop_back();
    }
    // Every millisecond or later one leaves, and eight ask.
    void exchange(int times) {
        for (; times > 0; --times) {
            std::this_thread::sleep_for(1ms);
            leave(1);
            enter(8);
        }
    }
};

OverloadGuard guard_with(OverloadGuard::Limits limits) { return {[] { return std::size_t(0); }, limits}; }

}  // namespace

TEST_CASE("a crowd that nothing is known of yet is taken, but not any", "[http]") {
    auto guard = guard_with({});
    Crowd crowd{guard};
    CHECK(crowd.enter(1000) == 2 * 64);
    CHECK(crowd.enter(100, Method::get) == 100);  // counted apart
    auto const problem = OverloadGuard::refusal();
    CHECK(problem.status == 503);
    CHECK(std::stoi(problem.headers.at("Retry-After")) > 0);
}

TEST_CASE("a few who wait for ever are no overload", "[http]") {
    auto guard = guard_with({.patience = 1ms, .tolerance = 0ms, .longest = 1ms});
    Crowd crowd{guard};
    CHECK(crowd.enter(64) == 64);
    std::this_thread::sleep_for(5ms);
    CHECK(crowd.enter(1) == 0);
    crowd.leave(1);
    CHECK(crowd.enter(1) == 1);
}

TEST_CASE("no more are inside than leave within the patience, once a queue has stayed", "[http]") {
    OverloadGuard::Limits limits{.crowd = 8, .patience = 40ms, .tolerance = 60ms, .longest = 10s};
    SECTION("with the guard") {
        auto guard = guard_with(limits);
        Crowd crowd{guard};
        crowd.exchange(300);
        CHECK(crowd.inside.size() < 200);
        crowd.exchange(300);
        CHECK(crowd.inside.size() < 200);
        crowd.leave(1000);
        CHECK(crowd.enter(8) == 8);  // as before
    }
    SECTION("without: the control") {
        limits.off_for_tests = true;
        auto guard = guard_with(limits);
        Crowd crowd{guard};
        crowd.exchange(300);
        CHECK(crowd.inside.size() > 500);
    }
}

TEST_CASE("a loop that lags behind is noticed, and that it has caught up", "[http]") {
    boost::asio::io_context io;
    std::size_t connections = 512;
    OverloadGuard guard([&] { return connections; }, {.patience = 150ms, .tolerance = 0ms});
    guard.watch({io.get_executor()});
    Request const request(Method::get, "/");
    auto const until = [&](bool taken) {
        for (int handlers = 0; handlers < 50 && guard.enter(request).has_value() != taken; ++handlers) io.run_one_for(1s);
        return guard.enter(request).has_value() == taken;
    };
    CHECK(until(true));
    boost::asio::post(io, [] { std::this_thread::sleep_for(700ms); });
    CHECK(until(false));
    connections = 511;
    CHECK(guard.enter(request));
    connections = 512;
    CHECK(until(true));
}
