#include "notifications/webhook_transport.hpp"

#include "notifications/client_tls.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <set>
#include <stdexcept>

namespace convoke::notifications {
namespace {

namespace asio = boost::asio;

class WebhookTransport final : public Transport {
public:
    WebhookTransport(WebhookTransportOptions options, std::shared_ptr<asio::ssl::context> tls, asio::any_io_executor executor)
        : options_(std::move(options)), tls_(std::move(tls)), executor_(std::move(executor)) {}

    asio::awaitable<Delivery> send(Envelope envelope) override {
        auto call = options_.call(envelope.message_id);
        if (!call) co_return Delivery{Outcome::deferred, "the receiver's address cannot be used"};
        HttpsPost request;
        request.host = std::move(call->host);
        request.port = std::move(call->port);
        request.target = std::move(call->target);
        request.body = envelope.bytes;
        request.headers = {{"Content-Type", "application/json"},
                           {"User-Agent", options_.user_agent},
                           {"Convoke-Event", call->event},
                           {"Convoke-Delivery", envelope.message_id},
                           {"Convoke-Signature", webhook_signature(call->secret, options_.unix_now(), *envelope.bytes)}};
        auto const exchange = std::make_shared<HttpsExchange>(executor_, *tls_, options_.allowed, options_.times);
        open_.insert(exchange);
        HttpsAnswer const answer = co_await exchange->post(std::move(request));
        open_.erase(exchange);
        co_return judged(answer);
    }

    asio::awaitable<result<void>> check() override { co_return result<void>(); }
    std::size_t connections() const override { return options_.connections; }
    void abort() override {
        for (auto const& exchange : open_) exchange->abort();
    }
    asio::awaitable<void> close() override { co_return; }
    std::string describe() const override { return "webhooks"; }

private:
    static Delivery judged(HttpsAnswer const& answer) {
        if (answer.status == 0) return {Outcome::deferred, answer.fault};
        std::string const status = std::to_string(answer.status);
        if (answer.status >= 200 && answer.status < 300) return {Outcome::sent, status};
        if (answer.status == 410) return {Outcome::refused, "410 Gone"};
        if (answer.status >= 300 && answer.status < 400) return {Outcome::deferred, status + ": redirects are not followed"};
        return {Outcome::deferred, "the receiver answered " + status};
    }

    WebhookTransportOptions options_;
    std::shared_ptr<asio::ssl::context> tls_;
    asio::any_io_executor executor_;
    std::set<std::shared_ptr<HttpsExchange>> open_;
};

}  // namespace

std::string webhook_signature(std::string_view secret, std::int64_t unix_now, std::string_view body) {
    std::string const time = std::to_string(unix_now);
    std::string const message = time + "." + std::string(body);
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<unsigned char const*>(message.data()),
             message.size(), mac, &size) == nullptr)
        throw std::runtime_error("HMAC-SHA256 is refused by OpenSSL");
    std::string out = "t=" + time + ",v1=";
    for (unsigned i = 0; i < size; ++i) {
        out += "0123456789abcdef"[mac[i] >> 4];
        out += "0123456789abcdef"[mac[i] & 15];
    }
    return out;
}

result<std::unique_ptr<Transport>> make_webhook_transport(WebhookTransportOptions options, asio::any_io_executor executor) {
    CONVOKE_TRY(tls, make_client_tls(options.ca_file, "webhooks.ca_file"));
    return std::unique_ptr<Transport>(std::make_unique<WebhookTransport>(std::move(options), std::move(tls), std::move(executor)));
}

}  // namespace convoke::notifications
