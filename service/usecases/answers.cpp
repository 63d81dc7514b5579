#include "service/usecases/answers.hpp"

#include "calendar/words.hpp"
#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"
#include "service/core/seal.hpp"
#include "service/domain/email_address.hpp"
#include "service/store/answers.hpp"
#include "service/store/events.hpp"
#include "service/store/people.hpp"
#include "service/store/registrations.hpp"
#include "service/usecases/answer_text.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/capability.hpp"
#include "service/usecases/persons.hpp"
#include "service/usecases/registrations.hpp"

namespace convoke::usecases {

namespace {

using calendar::AnswerMethod;
using calendar::AnswerPart;
using calendar::Participation;

constexpr std::string_view sealed_for = "answer";
constexpr std::size_t most_stamps = 200;
constexpr std::int64_t most_removed = 500;
// Contents kept a day: of one registration, and of addresses that belong to none.
constexpr std::int64_t most_contents = 20, most_strange_contents = 200;

// Whom the address belongs to that a mail came to.
struct Holder {
    domain::Registration registration;
    domain::Person person;
    domain::Event event;
};

std::optional<Holder> holder_of(Transaction& tx, Context const& context, std::string_view token) {
    auto const id = verify_answer_token(context.instance, token);
    if (!id) return std::nullopt;
    auto registration = store::find_registration(tx, *id);
    if (!registration) return std::nullopt;
    auto person = store::find_person(tx, registration->person_id);
    auto event = store::find_event(tx, registration->event_id);
    if (!person || is_erased(*person) || !event) return std::nullopt;
    return Holder{*std::move(registration), *std::move(person), *std::move(event)};
}

// One author, and it is the person: of two nobody can say which one speaks.
bool wrote_it(domain::Person const& person, std::vector<std::string> const& from) {
    if (from.size() != 1) return false;
    auto const sender = domain::parse_email_address(from.front());
    auto const own = domain::parse_email_address(person.email);
    return sender && own && sender->key() == own->key();
}

// Whether the answer would leave a registration as it is.
bool says_the_same(domain::RegistrationStatus status, Participation said) {
    using enum domain::RegistrationStatus;
    if (said == Participation::accepted) return status == confirmed || status == waitlisted || status == pending || status == attended;
    return status == declined || status == cancelled;
}

class Intake {
public:
    Intake(Transaction& tx, Context const& context, IncomingAnswer const& incoming)
        : tx_(tx), context_(context), incoming_(incoming), holder_(holder_of(tx, context, incoming.token)) {
        // Answers of one registration, and all who want a seat, one after the other.
        if (holder_ && context.instance.lock_seats) {
            store::lock_row(tx, "event", holder_->event.id);
            holder_ = holder_of(tx, context, incoming.token);
        }
        verified_ = holder_ && wrote_it(holder_->person, incoming.from);
    }

    std::vector<TakenAnswer> take() {
        if (!incoming_.answer) return {keep(fresh(), "unprocessed", incoming_.reason, incoming_.detail)};
        std::vector<TakenAnswer> taken;
        for (AnswerPart const& part : incoming_.answer->parts) taken.push_back(take_part(part));
        return taken;
    }

private:
    MailAnswer fresh() const {
        MailAnswer answer;
        answer.id = core::new_id();
        answer.sender = plain_text(incoming_.from.empty() ? "" : incoming_.from.front(), 320);
        answer.verified = verified_;
        answer.received = context_.now;
        if (holder_) {
            answer.event_id = holder_->event.id;
            answer.registration_id = holder_->registration.id;
            answer.person_id = holder_->person.id;
        }
        return answer;
    }

    TakenAnswer take_part(AnswerPart const& part) {
        MailAnswer answer = fresh();
        answer.comment = plain_text(part.comment, 2000);
        answer.sequence = part.sequence;
        answer.dtstamp = part.dtstamp;
        if (!holder_) answer.event_id = store::event_of_uid(tx_, part.uid);
        std::string const attendee = part.attendees.empty() ? std::string() : part.attendees.front().address;
        Participation const said = part.attendees.empty() ? Participation::unknown : part.attendees.front().participation;
        answer.answer = std::string(name_of(incoming_.answer->method, said));
        part_key_ = calendar::repetition_key(*incoming_.answer, part, attendee);

        AnswerMethod const method = incoming_.answer->method;
        if (part.attendees.size() > 1)
            return keep(answer, "unprocessed", "several_attendees", "it speaks for several people at once; an answer speaks for one");
        if (!part.effective()) return keep(answer, "unprocessed", slug_of(part.obstacles.front()), obstacle_words(part));
        if (!holder_)
            return keep(answer, "unverified", "unknown_link", "it did not come to the address that the invitation named for answers");
        if (!part.uid.empty() && part.uid != holder_->event.uid)
            return keep(answer, "unprocessed", "another_entry", "it answers another calendar entry than the invitation it came to");
        if (!verified_)
            return keep(answer, "unverified", "another_sender", "it came to somebody's own answer address, but from another address");
        if (method == AnswerMethod::refresh) return keep(answer, "unprocessed", "asks_again", "the person asks for the invitation again");
        if (method == AnswerMethod::counter)
            return keep(answer, "unprocessed", "proposes_another_time", say_proposal(part, holder_->event));
        if (part.instance) return keep(answer, "noted", "one_date", say_instance(part, holder_->event));
        if (said == Participation::delegated)
            return keep(answer, "unprocessed", "delegates", "the person sends somebody else: " + plain_text(part.attendees.front().delegated_to, 320));
        if (said == Participation::needs_action) return keep(answer, "noted", "no_answer", "neither yes nor no");
        return decide(answer, part, said);
    }

    // Yes, no or perhaps, from the right person.
    TakenAnswer decide(MailAnswer& answer, AnswerPart const& part, Participation said) {
        if (store::answer_is_known(tx_, key_of("verified"))) return repeated(answer);
        if (part.sequence < store::sequence_asked_for(tx_, holder_->person.id, holder_->event.id, holder_->event.sequence))
            return keep(answer, "noted", "older_version", "it answers an invitation from before the time was changed");
        for (auto const& stamp : store::answer_stamps(tx_, holder_->registration.id, most_stamps))
            if (calendar::supersedes({static_cast<int>(stamp.sequence), stamp.dtstamp}, {part.sequence, part.dtstamp}))
                return keep(answer, "noted", "answered_since", "a newer answer of the same person has come before it");
        if (said == Participation::tentative) return keep(answer, "noted", "tentative", "perhaps: nothing is changed by it");
        if (auto const since = store::decided_otherwise(tx_, holder_->event.id, holder_->person.id); since && came_late(part, *since)) {
            if (says_the_same(holder_->registration.status, said))
                return keep(answer, "noted", "already_so", "the registration says the same already");
            return keep(answer, "noted", "late",
                        "it was written before a newer decision, of " + calendar::say_instant(*since, holder_->event.zone, "en") +
                            ", which stays");
        }

        Context own = context_;
        own.actor = domain::Actor::of_mail(holder_->person.id);
        auto const changed = answer_registration(tx_, own, holder_->registration.id,
                                                 said == Participation::accepted ? Answer::confirm : Answer::decline);
        // A refusal has changed nothing. The person is not told by mail, the organisers are shown it.
        if (!changed) return keep(answer, "unprocessed", slug(changed.error().code), changed.error().detail);
        return keep(answer, "counted", "", "");
    }

    // Some programs echo the invitation's DTSTAMP, so the mail's Date counts as well, whichever is newer. An answer that
    // names no time at all is taken as of now.
    bool came_late(AnswerPart const& part, sys_seconds decided) const {
        if (!part.dtstamp && !incoming_.written) return false;
        return std::max(part.dtstamp.value_or(sys_seconds::min()), incoming_.written.value_or(sys_seconds::min())) < decided;
    }

    // Of a forged answer and the right one neither must take the other's place.
    std::string key_of(std::string_view what) const {
        std::string text(what);
        for (std::string const& piece :
             {holder_ ? std::to_string(holder_->registration.id) : incoming_.token, incoming_.from.empty() ? std::string() : incoming_.from.front(),
              part_key_, incoming_.message_id.empty() ? (part_key_.empty() ? incoming_.digest : std::string()) : incoming_.message_id})
            text += '\n' + std::to_string(piece.size()) + ':' + piece;
        return core::base64url_encode(core::hmac_sha256(context_.instance.secret, "answer " + text));
    }

    TakenAnswer repeated(MailAnswer const& answer) const { return {answer.state, answer.reason, answer.event_id, true}; }

    TakenAnswer keep(MailAnswer answer, std::string_view state, std::string_view reason, std::string_view detail) {
        answer.state = state;
        answer.reason = reason;
        answer.detail = plain_text(detail, 1000);
        bool const decided = verified_ && (state == "counted" || state == "noted" || incoming_.answer);
        std::string const key = key_of(decided ? "verified" : "kept");
        std::optional<std::string> content;
        if (state == "unverified" || state == "unprocessed") content = content_to_keep(answer);
        if (!store::insert_answer(tx_, answer, key, content)) return repeated(answer);
        // What counted has its line from the verb of the registration.
        if (state != "counted")
            store::log_change(tx_, context_.now, origin_of(context_), "answer.keep",
                              holder_ ? std::optional(holder_->event.community_ids.front()) : std::nullopt, answer.event_id, answer.person_id,
                              std::string(state) + ": " + std::string(reason));
        return {answer.state, answer.reason, answer.event_id, false};
    }

    // Who sends very much has the rest noted only.
    std::optional<std::string> content_to_keep(MailAnswer const& answer) const {
        auto const kept = store::contents_kept(tx_, answer.registration_id, context_.now - std::chrono::hours(24));
        if (kept >= (answer.registration_id ? most_contents : most_strange_contents)) return std::nullopt;
        return core::seal(context_.instance.secret, sealed_for, incoming_.content.substr(0, most_kept_bytes));
    }

    Transaction& tx_;
    Context const& context_;
    IncomingAnswer const& incoming_;
    std::optional<Holder> holder_;
    bool verified_ = false;
    std::string part_key_;
};

result<void> check_organises(Transaction& tx, Context const& context, std::int64_t event_id) {
    auto const event = store::find_event(tx, event_id);
    if (!event || !domain::may_organise_any(context.actor, event->community_ids)) return Failure(errc::not_found, "there is no such event");
    return {};
}

}  // namespace

std::vector<TakenAnswer> take_answer(Transaction& tx, Context const& context, IncomingAnswer const& incoming) {
    return Intake(tx, context, incoming).take();
}

result<std::vector<MailAnswer>> list_answers(Transaction& tx, Context const& context, AnswerQuery const& query) {
    store::AnswerFilter filter;
    filter.event_id = query.event_id;
    filter.state = query.state;
    filter.after_id = query.page.after;
    filter.limit = query.page.limit;
    filter.to_look_at = query.to_look_at;
    if (query.event_id) {
        CONVOKE_CHECK(check_organises(tx, context, *query.event_id));
    } else if (!context.actor.admin) {
        if (context.actor.organises.empty()) return Failure(errc::forbidden, "only organisers see the answers that came by mail");
        filter.community_ids = context.actor.organises;
    }
    return store::list_answers(tx, filter);
}

result<std::int64_t> count_automatic_answers(Transaction& tx, Context const& context, std::int64_t event_id) {
    CONVOKE_CHECK(check_organises(tx, context, event_id));
    return store::count_automatic_answers(tx, event_id);
}

bool any_old_answers(Transaction& tx, sys_seconds now) { return store::any_answer_before(tx, now - answers_are_kept); }

std::int64_t remove_old_answers(Transaction& tx, Context const& context) {
    return store::delete_answers_before(tx, context.now - answers_are_kept, most_removed);
}

}  // namespace convoke::usecases
