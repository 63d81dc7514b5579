// Who is looking, and the frame around every page's handler: session, language, forgery check, failures.
// Handlers run on the connection's loop; nothing here blocks.
#pragma once

#include "service/http/router.hpp"
#include "service/usecases/sign_in.hpp"
#include "service/web/views/phrases.hpp"
#include "service/web/web_services.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>

namespace convoke::web {

using boost::asio::awaitable;
using http::Request;
using http::Response;
using store::Transaction;
using usecases::Context;

struct Visitor {
    std::optional<usecases::Session> session;
    std::string session_token;
    std::string form_secret;        // what the tokens of forms are bound to: the session's or, signed out, a cookie's
    bool fresh_form_secret = false;  // the cookie is to be set with the next form
    std::string language;           // one we speak
    std::string zone;               // asked for with ?zone=, else the person's; "" for none
    std::string request_id;

    domain::Actor actor() const { return session ? session->actor : domain::Actor{}; }
    bool organises() const { return session && (session->actor.admin || !session->actor.organises.empty()); }
};

// For error pages, where there is no session to look up.
Visitor stranger(WebServices const& services, Request const& request);

Context context_of(WebServices const& services, Visitor const& visitor);
Reader reader_of(WebServices const& services, Visitor const& visitor);

using PageHandler = std::function<awaitable<Response>(WebServices const&, Visitor, Request&)>;

// Looks up the session; a request that changes something must bring the form's token (403 `csrf` otherwise).
// `services` must outlive the handler.
http::Handler page(WebServices const& services, PageHandler handler);
// The same for who is signed in; others get the sign-in page with status 200, and come back here afterwards.
http::Handler personal_page(WebServices const& services, PageHandler handler);

// For http::set_cookie and expire_cookie.
inline constexpr std::string_view session_cookie = "convoke_session";
bool secure_cookies(WebServices const& services);
std::string form_secret_cookie(WebServices const& services, Visitor const& visitor);  // Set-Cookie
// Where to go after signing in: kept in the browser while the mail is on its way. A path of ours.
std::string remember_next(WebServices const& services, std::string_view path);  // Set-Cookie
std::string remembered_next(WebServices const& services, Request const& request);  // "" for none
std::string forget_next(WebServices const& services);

}  // namespace convoke::web
