#include "service/http/handshakes.hpp"

namespace convoke::http {

Handshakes::Place::~Place() {
    std::lock_guard const lock(owner_.mutex_);
    owner_.under_way_.erase(number_);
    --owner_.places_;
}

Handshakes::Place Handshakes::begin(std::weak_ptr<Connection> connection) {
    std::shared_ptr<Connection> cut;
    std::uint64_t number = 0;
    {
        std::lock_guard const lock(mutex_);
        if (ended_) {
            cut = connection.lock();
        } else if (under_way_.size() >= most_ && !under_way_.empty()) {
            cut = under_way_.begin()->second.lock();
            under_way_.erase(under_way_.begin());
        }
        number = next_++;
        ++places_;
        under_way_.emplace(number, std::move(connection));
    }
    if (cut) cut->cut();
    return {*this, number};
}

void Handshakes::end() {
    std::map<std::uint64_t, std::weak_ptr<Connection>> under_way;
    {
        std::lock_guard const lock(mutex_);
        ended_ = true;
        under_way.swap(under_way_);
    }
    for (auto const& [number, weak] : under_way)
        if (auto const connection = weak.lock()) connection->cut();
}

bool Handshakes::crowded() const {
    std::lock_guard const lock(mutex_);
    return places_ > most_ + most_ / 4;
}

std::size_t Handshakes::count() const {
    std::lock_guard const lock(mutex_);
    return under_way_.size();
}

}  // namespace convoke::http
