#include "service/http/handshakes.hpp"

namespace convoke::http {

Handshakes::Place::~Place() {
    std::lock_guard const lock(owner_.mutex_);
    owner_.under_way_.erase(number_);
}

Handshakes::Place Handshakes::begin(std::weak_ptr<Connection> connection) {
    std::shared_ptr<Connection> oldest;
    std::uint64_t number = 0;
    {
        std::lock_guard const lock(mutex_);
        if (under_way_.size() >= most_ && !under_way_.empty()) {
            oldest = under_way_.begin()->second.lock();
            under_way_.erase(under_way_.begin());
        }
        number = next_++;
        under_way_.emplace(number, std::move(connection));
    }
    if (oldest) oldest->cut();
    return {*this, number};
}

std::size_t Handshakes::count() const {
    std::lock_guard const lock(mutex_);
    return under_way_.size();
}

}  // namespace convoke::http
