// Which connections are open, counted in total and by address. For service/http only.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace convoke::http {

// A connection as the server sees it. Any thread.
class Connection {
public:
    virtual ~Connection() = default;
    // Closes it if it waits for a request and none is on its way.
    virtual void close_if_idle() = 0;
    // Closes it at once, whatever it is doing.
    virtual void cut() = 0;
};

// Any thread.
class Connections : public std::enable_shared_from_this<Connections> {
public:
    // Holds a place; gives it back when it goes.
    class Place {
    public:
        Place(std::shared_ptr<Connections> owner, std::string key, std::size_t id)
            : owner_(std::move(owner)), key_(std::move(key)), id_(id) {}
        Place(Place&&) noexcept = default;
        Place& operator=(Place&&) = delete;
        ~Place();
        // From now on the server can ask this connection to end.
        void enter(std::weak_ptr<Connection> connection);

    private:
        std::shared_ptr<Connections> owner_;
        std::string key_;
        std::size_t id_;
    };

    // nullopt when all places, or those of this key, are taken. An empty key counts in total only.
    std::optional<Place> admit(std::string key, std::size_t most, std::size_t most_per_key);

    std::size_t count() const;
    std::vector<std::shared_ptr<Connection>> all() const;

private:
    mutable std::mutex mutex_;
    std::size_t count_ = 0;
    std::size_t next_id_ = 0;
    std::unordered_map<std::string, std::size_t> by_key_;
    std::unordered_map<std::size_t, std::weak_ptr<Connection>> open_;
};

}  // namespace convoke::http
