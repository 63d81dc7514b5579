// Tokens in links (design §4.11): derived by HMAC-SHA256 from the instance's secret, one purpose each, ≥128 bits,
// never stored. Text: base32 of the subject's id, then 26 characters of MAC; case-insensitive, fit for a mail
// address's local part. A version in the MAC makes one revocable. Any thread; pure.
#pragma once

#include "service/usecases/context.hpp"

#include <optional>

namespace convoke::usecases {

// subject: person. version: person.feed_version.
std::string feed_token(Instance const& instance, std::int64_t person_id, std::int64_t version);
// The person whose feed a token claims to be; check it with feed_token() against the stored version.
std::optional<std::int64_t> feed_token_subject(std::string_view token);

// subject: registration. Lets its holder see the event with its link, answer, cancel. Also the RSVP address tag.
std::string answer_token(Instance const& instance, std::int64_t registration_id);
// The registration, when the token is genuine.
std::optional<std::int64_t> verify_answer_token(Instance const& instance, std::string_view token);

bool same_token(std::string_view a, std::string_view b);  // constant time, ignores case

std::string feed_url(Instance const& instance, std::int64_t person_id, std::int64_t version);
std::string event_url(Instance const& instance, std::int64_t event_id);
std::string answer_url(Instance const& instance, std::int64_t event_id, std::int64_t registration_id);

}  // namespace convoke::usecases
