#include "service/http/deadline.hpp"

namespace convoke::http {

struct Deadline::State : std::enable_shared_from_this<State> {
    explicit State(Socket& s) : socket(&s), timer(s.get_executor()) {}

    void arm() {
        armed = when;
        timer.expires_at(when);
        timer.async_wait([self = shared_from_this()](boost::system::error_code error) {
            if (!error) self->fired();
        });
    }

    void fired() {
        armed = Clock::time_point::max();
        if (!socket || when == Clock::time_point::max()) return;
        if (Clock::now() < when) return arm();
        over();
    }

    void over() {
        expired = true;
        boost::system::error_code ignored;
        if (socket) socket->cancel(ignored);
    }

    Socket* socket;
    boost::asio::steady_timer timer;
    Clock::time_point when = Clock::time_point::max();
    Clock::time_point armed = Clock::time_point::max();
    bool expired = false;
};

Deadline::Deadline(Socket& socket) : state_(std::make_shared<State>(socket)) {}

Deadline::~Deadline() { stop(); }

void Deadline::at(Clock::time_point when) {
    state_->expired = false;
    state_->when = when;
    if (when < state_->armed) state_->arm();
}

void Deadline::rest() { state_->when = Clock::time_point::max(); }

void Deadline::expire_now() { state_->over(); }

void Deadline::stop() {
    state_->socket = nullptr;
    state_->timer.cancel();
}

bool Deadline::expired() const { return state_->expired; }

}  // namespace convoke::http
