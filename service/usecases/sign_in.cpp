#include "service/usecases/sign_in.hpp"

#include "calendar/ascii.hpp"
#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"
#include "service/domain/email_address.hpp"
#include "service/store/members.hpp"
#include "service/store/outbox.hpp"
#include "service/store/people.hpp"
#include "service/store/sessions.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/capability_text.hpp"

namespace convoke::usecases {
namespace {

constexpr std::int64_t most_links_a_minute = 1;
constexpr std::int64_t most_links_an_hour = 5;

std::string hash_of(std::string_view token) { return core::hex_encode(core::sha256(token)); }

// Tokens are case-insensitive; their hash is not.
std::string canonical(std::string_view token) { return calendar::ascii_lower(token); }

LoginLink insert_link(Transaction& tx, Context const& context, std::int64_t person_id) {
    LoginLink link{core::new_id(), person_id, context.now + login_link_life};
    store::insert_login_link(tx, {.id = link.id,
                                  .person_id = person_id,
                                  .hash = hash_of(login_token(context.instance, link.id)),
                                  .created = context.now,
                                  .expires = link.expires});
    return link;
}

void log(Transaction& tx, Context const& context, std::string_view action, std::int64_t person_id) {
    store::log_change(tx, context.now, origin_of(context), action, {}, {}, person_id, "");
}

}  // namespace

std::string login_token(Instance const& instance, std::int64_t login_link_id) {
    return capability_text(instance, "sign-in", login_link_id, 1);
}

std::string login_url(Instance const& instance, std::int64_t login_link_id) {
    return instance.base_url + "/sign-in/" + login_token(instance, login_link_id);
}

result<LoginLink> create_login_link(Transaction& tx, Context const& context, std::string_view email) {
    CONVOKE_TRY(address, domain::normalise_email_address(email));
    auto const person = store::find_person(tx, address);
    if (!person) return Failure(errc::not_found, "nobody with this address is known here");
    auto const link = insert_link(tx, context, person->id);
    log(tx, context, "sign-in.link", person->id);
    return link;
}

result<void> request_login_link(Transaction& tx, Context const& context, std::string_view email) {
    CONVOKE_TRY(address, domain::normalise_email_address(email));
    auto const person = store::find_person(tx, address);
    if (!person) return {};
    store::lock_row(tx, "person", person->id);
    using namespace std::chrono_literals;
    if (store::count_login_links_since(tx, person->id, context.now - 60s) >= most_links_a_minute) return {};
    if (store::count_login_links_since(tx, person->id, context.now - 3600s) >= most_links_an_hour) return {};

    auto const link = insert_link(tx, context, person->id);
    store::NewMail mail;
    mail.unique_key = std::to_string(person->id) + ":sign-in:" + std::to_string(link.id);
    mail.kind = "sign-in";
    mail.person_id = person->id;
    mail.subject_id = link.id;
    mail.cause = link.id;
    mail.recipient = person->email;
    mail.message_id = core::format_id(core::new_id()) + "." + core::format_id(link.id) + "@" + context.instance.mail_domain;
    mail.due = mail.created = context.now;
    mail.not_after = link.expires;
    store::insert_mail(tx, mail);
    log(tx, context, "sign-in.request", person->id);
    return {};
}

bool login_link_is_usable(Transaction& tx, Context const& context, std::string_view token) {
    return capability_subject(token) && store::find_usable_login_link(tx, hash_of(canonical(token)), context.now);
}

result<SignedIn> use_login_link(Transaction& tx, Context const& context, std::string_view token) {
    auto const refused = [] {
        return Failure(errc::not_found, "this sign-in link has been used, is over or was never valid: ask for a new one");
    };
    if (!capability_subject(token)) return refused();
    auto const link = store::find_usable_login_link(tx, hash_of(canonical(token)), context.now);
    if (!link || !store::spend_login_link(tx, link->id, context.now)) return refused();
    auto person = store::find_person(tx, link->person_id);
    if (!person) return refused();

    SignedIn signed_in{*std::move(person), core::base64url_encode(core::random_bytes(32)), context.now + session_life};
    store::insert_session(tx, {.id = core::new_id(),
                               .person_id = signed_in.person.id,
                               .hash = hash_of(signed_in.session_token),
                               .created = context.now,
                               .expires = signed_in.expires});
    Context own = context;
    own.actor = domain::Actor::of_link(signed_in.person.id);
    log(tx, own, "sign-in.use", signed_in.person.id);
    return signed_in;
}

std::optional<Session> find_session(Transaction& tx, sys_seconds now, std::string_view session_token) {
    auto const row = store::find_session(tx, hash_of(session_token), now);
    if (!row) return std::nullopt;
    auto person = store::find_person(tx, row->person_id);
    if (!person) return std::nullopt;
    Session session{row->id, *std::move(person), domain::Actor::of_person(row->person_id), row->expires};
    for (auto const& member : store::memberships_of(tx, row->person_id))
        if (member.role == "organiser") session.actor.organises.push_back(member.community_id);
    return session;
}

void renew_session(Transaction& tx, Context const& context, std::int64_t session_id) {
    store::extend_session(tx, session_id, context.now + session_life);
}

void sign_out(Transaction& tx, Context const& context, std::string_view session_token) {
    auto const session = store::find_session(tx, hash_of(session_token), context.now);
    store::delete_session(tx, hash_of(session_token));
    if (session) log(tx, context, "sign-in.end", session->person_id);
}

std::int64_t remove_expired_sign_ins(Transaction& tx, sys_seconds now) {
    return store::delete_expired_sign_ins(tx, now - std::chrono::hours(1), now);
}

}  // namespace convoke::usecases
