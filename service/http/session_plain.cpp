#include "service/http/session_impl.hpp"

namespace convoke::http {

asio::awaitable<void> serve_plain(SharedContext context, Tcp::socket socket, Connections::Place place) {
    boost::system::error_code error;
    auto const peer = socket.remote_endpoint(error);
    if (error) co_return;
    auto const session = std::make_shared<Session<Tcp::socket>>(std::move(context), peer, std::move(socket));
    place.enter(session);
    co_await session->serve();
}

}  // namespace convoke::http
