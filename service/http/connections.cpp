#include "service/http/connections.hpp"

namespace convoke::http {

Connections::Place::~Place() {
    if (!owner_) return;
    std::lock_guard const lock(owner_->mutex_);
    --owner_->count_;
    owner_->open_.erase(id_);
    if (key_.empty()) return;
    if (auto const found = owner_->by_key_.find(key_); --found->second == 0) owner_->by_key_.erase(found);
}

void Connections::Place::enter(std::weak_ptr<Connection> connection) {
    std::lock_guard const lock(owner_->mutex_);
    owner_->open_[id_] = std::move(connection);
}

std::optional<Connections::Place> Connections::admit(std::string key, std::size_t most, std::size_t most_per_key) {
    std::lock_guard const lock(mutex_);
    if (count_ >= most) return std::nullopt;
    if (!key.empty()) {
        auto& taken = by_key_[key];
        if (taken >= most_per_key) return std::nullopt;
        ++taken;
    }
    ++count_;
    return std::optional<Place>(std::in_place, shared_from_this(), std::move(key), next_id_++);
}

std::size_t Connections::count() const {
    std::lock_guard const lock(mutex_);
    return count_;
}

std::vector<std::shared_ptr<Connection>> Connections::all() const {
    std::lock_guard const lock(mutex_);
    std::vector<std::shared_ptr<Connection>> connections;
    for (auto const& [id, weak] : open_) {
        if (auto connection = weak.lock()) connections.push_back(std::move(connection));
    }
    return connections;
}

}  // namespace convoke::http
