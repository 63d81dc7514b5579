// A directory as Transport: each mail becomes one .eml file, written under another name, synchronised and renamed, so
// that a reader of the directory only ever sees whole mails. Sending the same mail again replaces its file.
#pragma once

#include "notifications/transport.hpp"

#include <boost/asio/thread_pool.hpp>

#include <filesystem>
#include <memory>

namespace convoke::notifications {

class FileTransport final : public Transport {
public:
    // Makes the directory. errc::invalid_value when that cannot be done.
    static result<std::unique_ptr<Transport>> make(std::filesystem::path directory);

    boost::asio::awaitable<Delivery> send(Envelope envelope) override;
    boost::asio::awaitable<result<void>> check() override;
    std::size_t connections() const override { return 4; }
    void abort() override {}
    boost::asio::awaitable<void> close() override;
    std::string describe() const override { return "file:" + directory_.string(); }

private:
    explicit FileTransport(std::filesystem::path directory);

    std::filesystem::path directory_;
    boost::asio::thread_pool workers_{1};  // writing and fsync block
};

// "RIGHT-SAFE-MESSAGE-ID.eml": the Message-ID with everything but letters, digits and "@.-_+" replaced by "_".
std::string file_name_of(Envelope const& envelope);

}  // namespace convoke::notifications
