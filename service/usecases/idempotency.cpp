#include "service/usecases/idempotency.hpp"

#include "calendar/ascii.hpp"
#include "service/core/crypto.hpp"
#include "service/core/seal.hpp"
#include "service/store/idempotency.hpp"

#include <stdexcept>

namespace convoke::usecases {
namespace {

constexpr std::string_view purpose = "reply";
constexpr std::int64_t most_at_once = 500;

std::string tag(Instance const& instance, std::string_view what, std::string_view text) {
    return core::base64url_encode(core::hmac_sha256(instance.secret, "idempotency " + std::string(what) + "\n" + std::string(text)));
}

// Addresses are compared without regard to case, as everywhere.
std::string subject_of(Instance const& instance, std::string_view email) {
    return tag(instance, "subject", calendar::ascii_lower(email));
}

std::int64_t token_of(Context const& context) {
    if (context.actor.kind != domain::Actor::Kind::token) throw std::logic_error("only tokens have keys of their own");
    return context.actor.id;
}

}  // namespace

IdempotentRequest idempotent_request(Instance const& instance, std::string_view key, std::string_view request) {
    return {tag(instance, "key", key), tag(instance, "request", request)};
}

result<std::optional<std::string>> recall_reply(Transaction& tx, Context const& context, IdempotentRequest const& request) {
    std::optional<std::string> none;
    if (!context.instance.keep_replies) return none;
    auto const stored = store::find_reply(tx, token_of(context), request.key);
    if (!stored) return none;
    if (stored->fingerprint != request.fingerprint)
        return Failure(errc::idempotency_key_reused,
                       "this Idempotency-Key came with another request before: the same key may only repeat the same method, "
                       "address and body; take a new key for a new request");
    if (!stored->reply)
        return Failure(errc::idempotency_reply_erased,
                       "this request was done, but its reply spoke of a person who has been erased since");
    auto reply = core::unseal(context.instance.secret, purpose, stored->reply->bytes);
    if (!reply) throw std::runtime_error("a stored reply does not open with this instance's secret");
    return reply;
}

result<std::optional<std::string>> claim_key(Transaction& tx, Context const& context, IdempotentRequest const& request) {
    if (context.instance.keep_replies && !store::try_lock_reply(tx, token_of(context), request.key))
        return Failure(errc::idempotency_in_progress,
                       "the first request with this Idempotency-Key is still running: repeat it in a second to get its reply");
    return recall_reply(tx, context, request);
}

void keep_reply(Transaction& tx, Context const& context, IdempotentRequest const& request, std::string_view reply,
                std::string_view email) {
    if (!context.instance.keep_replies) return;
    std::optional<std::string> subject;
    if (!email.empty()) subject = subject_of(context.instance, email);
    store::insert_reply(tx, {.token_id = token_of(context),
                             .key = request.key,
                             .fingerprint = request.fingerprint,
                             .subject = subject,
                             .reply = store::Blob{core::seal(context.instance.secret, purpose, reply)},
                             .created = context.now});
}

void erase_replies_about(Transaction& tx, Instance const& instance, std::string_view email) {
    store::erase_replies_about(tx, subject_of(instance, email));
}

bool any_old_replies(Transaction& tx, sys_seconds now) { return store::any_reply_before(tx, now - replies_are_kept); }

std::int64_t remove_old_replies(Transaction& tx, Context const& context) {
    return store::delete_replies_before(tx, context.now - replies_are_kept, most_at_once);
}

}  // namespace convoke::usecases
