// Answers to invitations that come by mail (design §4.10): an Accept or Decline pressed in a calendar is the same verb as
// the click on the page. It counts when the address it came to names the registration (rsvp+TOKEN@…, capability.hpp) and
// its From is the person's address. What was written before a newer decision on the page is too late. Whatever else comes in is kept for the organisers with the reason and changes
// nothing; nobody is ever answered automatically.
#pragma once

#include "calendar/answer.hpp"
#include "service/domain/mail_answer.hpp"
#include "service/usecases/context.hpp"
#include "service/usecases/page.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace convoke::usecases {

using domain::MailAnswer;

inline constexpr std::chrono::days answers_are_kept{90};  // but for those that counted
inline constexpr std::size_t most_kept_bytes = 256 * 1024;

// A mail as it came for one recipient.
struct IncomingAnswer {
    std::string token;              // the tag of the recipient's address; "" = none
    std::vector<std::string> from;  // every address in From, as written
    std::string message_id;         // "" = none
    std::optional<sys_seconds> written;  // the mail's Date
    std::optional<calendar::Answer> answer;
    std::string reason, detail;     // why there is no answer in it: a slug, and words for people
    std::string content;            // the mail, at most most_kept_bytes
    std::string digest;             // SHA-256 of all of it
};

// What became of it.
struct TakenAnswer {
    std::string state, reason;  // as in MailAnswer
    std::optional<std::int64_t> event_id;
    bool repeated = false;      // it had come before: nothing was done
};
// One for each part of a calendar answer, else one for the mail. Repeating it changes nothing.
std::vector<TakenAnswer> take_answer(Transaction& tx, Context const& context, IncomingAnswer const& incoming);

struct AnswerQuery {
    std::optional<std::int64_t> event_id;
    std::optional<std::string> state;
    Page page;
    // Only what a person should see to: unverified, unprocessed but for automatic replies, and what came late. The newest
    // first; the page goes on with those before its `after`.
    bool to_look_at = false;
};
// Administrators see everything, also what belongs to no event; organisers what is about their events.
// errc::forbidden for who organises nothing, not_found for an event that is not theirs.
result<std::vector<MailAnswer>> list_answers(Transaction& tx, Context const& context, AnswerQuery const& query);
// Automatic replies about an event of theirs. errc::not_found.
result<std::int64_t> count_automatic_answers(Transaction& tx, Context const& context, std::int64_t event_id);

// For the service's own jobs: whether there are answers to forget, and some of them forgotten; how many.
bool any_old_answers(Transaction& tx, sys_seconds now);
std::int64_t remove_old_answers(Transaction& tx, Context const& context);

}  // namespace convoke::usecases
