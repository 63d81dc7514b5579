#include "service/http/session_impl.hpp"

#include <boost/asio/ssl/stream.hpp>

namespace convoke::http {

asio::awaitable<void> serve_tls(SharedContext context, Tcp::socket socket, std::shared_ptr<asio::ssl::context> tls,
                                Connections::Place place) {
    boost::system::error_code error;
    auto const peer = socket.remote_endpoint(error);
    if (error) co_return;
    using Stream = asio::ssl::stream<Tcp::socket>;
    auto const session = std::make_shared<Session<Stream>>(context, peer, std::move(socket), *tls);
    place.enter(session);
    session->deadline().within(session->limits().handshake);
    bool ready = false;
    {
        auto const under_way = context->handshakes.begin(session);
        auto const [failed] = co_await session->stream().async_handshake(asio::ssl::stream_base::server, quietly);
        ready = !failed && !session->deadline().expired();
    }
    if (ready) co_await session->serve();
}

}  // namespace convoke::http
