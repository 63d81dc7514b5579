// A mail server over TLS as Transport: several connections, kept open between mails.
#pragma once

#include "notifications/smtp_connection.hpp"
#include "notifications/transport.hpp"
#include "notifications/transport_url.hpp"

#include <deque>
#include <memory>
#include <set>

namespace convoke::notifications {

class SmtpTransport final : public Transport {
public:
    static result<std::unique_ptr<Transport>> make(TransportOptions options, TransportUrl url,
                                                   boost::asio::any_io_executor executor);
    ~SmtpTransport() override;

    boost::asio::awaitable<Delivery> send(Envelope envelope) override;
    boost::asio::awaitable<result<void>> check() override;
    std::size_t connections() const override;
    void abort() override;
    boost::asio::awaitable<void> close() override;
    std::string describe() const override;

private:
    struct Pool;
    explicit SmtpTransport(std::shared_ptr<Pool> pool);
    std::shared_ptr<Pool> pool_;
};

}  // namespace convoke::notifications
