// The one timer of a connection: ends whatever read or write is under way when its time is over. For service/http only.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>

namespace convoke::http {

// Setting a deadline is cheap: the timer is armed once and looks, when it fires, whether the deadline has moved on.
// On the socket's loop only. The socket must live until stop().
class Deadline {
public:
    using Socket = boost::asio::ip::tcp::socket;
    using Clock = std::chrono::steady_clock;

    explicit Deadline(Socket& socket);
    ~Deadline();

    void at(Clock::time_point when);
    void within(Clock::duration span) { at(Clock::now() + span); }
    void rest();        // no deadline for now
    void expire_now();  // as if the time were over
    void stop();        // lets go of the socket

    // The time was over; operations were cancelled. at() begins anew.
    bool expired() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace convoke::http
