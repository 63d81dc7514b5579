#include "service/usecases/capability.hpp"

#include "calendar/ascii.hpp"
#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"
#include "service/usecases/capability_text.hpp"

namespace convoke::usecases {

constexpr std::size_t id_length = 13;   // core::format_id
constexpr std::size_t mac_length = 26;  // 16 bytes in base32

std::string capability_text(Instance const& instance, std::string_view purpose, std::int64_t subject,
                            std::int64_t version) {
    std::string const id = core::format_id(subject);
    std::string message(purpose);
    message += ':' + std::to_string(version) + ':' + id;
    return id + core::base32_encode(core::hmac_sha256(instance.secret, message).substr(0, 16));
}

std::optional<std::int64_t> capability_subject(std::string_view token) {
    if (token.size() != id_length + mac_length) return std::nullopt;
    return core::parse_id(token.substr(0, id_length));
}

std::string feed_token(Instance const& instance, std::int64_t person_id, std::int64_t version) {
    return capability_text(instance, "feed", person_id, version);
}

std::optional<std::int64_t> feed_token_subject(std::string_view token) { return capability_subject(token); }

std::string answer_token(Instance const& instance, std::int64_t registration_id) {
    return capability_text(instance, "answer", registration_id, 1);
}

std::optional<std::int64_t> verify_answer_token(Instance const& instance, std::string_view token) {
    auto const subject = capability_subject(token);
    if (!subject || !same_token(answer_token(instance, *subject), token)) return std::nullopt;
    return subject;
}

bool same_token(std::string_view a, std::string_view b) {
    return core::constant_time_equal(calendar::ascii_lower(a), calendar::ascii_lower(b));
}

std::string feed_url(Instance const& instance, std::int64_t person_id, std::int64_t version) {
    return instance.base_url + "/feeds/" + feed_token(instance, person_id, version) + ".ics";
}

std::string event_url(Instance const& instance, std::int64_t event_id) {
    return instance.base_url + "/e/" + core::format_id(event_id);
}

std::string answer_url(Instance const& instance, std::int64_t event_id, std::int64_t registration_id) {
    return event_url(instance, event_id) + "/answer/" + answer_token(instance, registration_id);
}

}  // namespace convoke::usecases
