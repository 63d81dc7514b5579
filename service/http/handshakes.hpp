// The TLS handshakes under way: a bound on the memory that peers who have not proved anything can take. For
// service/http only.
#pragma once

#include "service/http/connections.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace convoke::http {

// Any thread. A handshake takes milliseconds, so the one that has been at it longest is the one to give up.
class Handshakes {
public:
    explicit Handshakes(std::size_t most) : most_(most) {}

    class Place {
    public:
        Place(Handshakes& owner, std::uint64_t number) : owner_(owner), number_(number) {}
        Place(Place const&) = delete;
        Place& operator=(Place const&) = delete;
        ~Place();

    private:
        Handshakes& owner_;
        std::uint64_t number_;
    };
    // Holds a place until it goes; cuts the oldest handshake where there are too many, and any where there are to be none.
    Place begin(std::weak_ptr<Connection> connection);

    // Cuts all that are under way and every later one: who has not shown a request yet loses nothing by it.
    void end();

    std::size_t count() const;

    // Many that were cut have not gone yet, and hold their memory: more should not be accepted for a moment.
    bool crowded() const;

private:
    std::size_t const most_;
    mutable std::mutex mutex_;
    std::uint64_t next_ = 0;
    bool ended_ = false;
    std::size_t places_ = 0;  // with those that were cut
    std::map<std::uint64_t, std::weak_ptr<Connection>> under_way_;
};

}  // namespace convoke::http
