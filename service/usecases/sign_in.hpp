// Signing in without a password: a single-use link by mail, then a session. See context.hpp for the rules of verbs.
// Nothing that opens a door is stored in clear: of links and sessions the database holds SHA-256 hashes.
#pragma once

#include "service/domain/community.hpp"
#include "service/usecases/context.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace convoke::usecases {

inline constexpr std::chrono::minutes login_link_life{30};
inline constexpr std::chrono::days session_life{30};  // since it was last renewed

// The token of a link, derived from its id, so that the dispatcher can write it into the mail without the database
// knowing it (outbox.subject_id is the link's id). Capability.hpp says how tokens look.
std::string login_token(Instance const& instance, std::int64_t login_link_id);
// base_url + "/sign-in/" + login_token: a page with one button that posts.
std::string login_url(Instance const& instance, std::int64_t login_link_id);

struct LoginLink {
    std::int64_t id = 0;
    std::int64_t person_id = 0;
    sys_seconds expires;
};

// For the command line: a link now, without a mail. errc: email_invalid …, not_found for an address nobody has.
result<LoginLink> create_login_link(Transaction& tx, Context const& context, std::string_view email);

// Somebody typed an address into the form. Answers the same for known and unknown ones; a known one gets a mail
// "sign-in" through the outbox, at most one a minute and five an hour. Only errc for a text that is no address.
result<void> request_login_link(Transaction& tx, Context const& context, std::string_view email);

// Whether the button is worth showing: known, unused, not expired. Changes nothing.
bool login_link_is_usable(Transaction& tx, Context const& context, std::string_view token);

struct SignedIn {
    domain::Person person;
    std::string session_token;  // for the cookie; shown this once
    sys_seconds expires;
};
// Spends the link. errc::not_found for unknown, used and expired links alike.
result<SignedIn> use_login_link(Transaction& tx, Context const& context, std::string_view token);

struct Session {
    std::int64_t id = 0;
    domain::Person person;
    domain::Actor actor;   // organises: the communities where the person is an organiser
    sys_seconds expires;
};
// Who a cookie stands for; nullopt for unknown and expired ones. For db.read.
std::optional<Session> find_session(Transaction& tx, sys_seconds now, std::string_view session_token);

// A session in use lives on. To be called with a state-changing request once `expires` is nearer than 29 days.
void renew_session(Transaction& tx, Context const& context, std::int64_t session_id);

// Ends one session; unknown tokens are fine.
void sign_out(Transaction& tx, Context const& context, std::string_view session_token);

// Removes links and sessions that are over. Run by a job. Answers how many.
std::int64_t remove_expired_sign_ins(Transaction& tx, sys_seconds now);

}  // namespace convoke::usecases
