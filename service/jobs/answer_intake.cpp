#include "service/jobs/answer_intake.hpp"

#include "calendar/ascii.hpp"
#include "notifications/received_mail.hpp"
#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"
#include "service/core/log.hpp"
#include "service/usecases/answers.hpp"

#include <algorithm>

namespace convoke::jobs {

using notifications::LmtpMail;
using notifications::LmtpReply;
using store::Transaction;

namespace {

usecases::IncomingAnswer incoming_of(LmtpMail const& mail) {
    notifications::ReceivedMail read = notifications::read_mail(mail.bytes);
    usecases::IncomingAnswer incoming;
    incoming.from = std::move(read.from);
    incoming.message_id = read.message_id.substr(0, 1000);
    incoming.written = read.date;
    incoming.answer = std::move(read.answer);
    incoming.reason = notifications::slug(read.unread);
    incoming.detail = notifications::words(read.unread);
    if (!read.detail.empty()) incoming.detail += ": " + read.detail;
    incoming.content = mail.bytes.substr(0, usecases::most_kept_bytes);
    incoming.digest = core::sha256(mail.bytes);
    return incoming;
}

void report(usecases::TakenAnswer const& taken) {
    core::log::info("answers", taken.repeated ? "came_again" : "taken",
                    {{"state", taken.state}, {"reason", taken.reason}, {"event", taken.event_id ? core::format_id(*taken.event_id) : ""}});
}

}  // namespace

AnswerIntake::AnswerIntake(store::Database& db, usecases::Instance const& instance, core::Clock const& clock, std::vector<std::string> addresses)
    : db_(db), instance_(instance), clock_(clock) {
    for (std::string const& address : addresses)
        if (!address.empty()) addresses_.push_back(calendar::ascii_lower(address));
}

bool AnswerIntake::accepts(std::string_view address) const {
    std::string plain = calendar::ascii_lower(address);
    std::size_t const plus = plain.find('+'), at = plain.rfind('@');
    if (plus != std::string::npos && at != std::string::npos && plus < at) plain.erase(plus, at - plus);
    return std::find(addresses_.begin(), addresses_.end(), plain) != addresses_.end();
}

boost::asio::awaitable<std::vector<LmtpReply>> AnswerIntake::take(LmtpMail const& mail) {
    usecases::IncomingAnswer incoming = incoming_of(mail);
    std::vector<LmtpReply> replies;
    for (std::string const& recipient : mail.recipients) {
        incoming.token = tag_of(recipient);
        usecases::Context const context{instance_, clock_.now(), domain::Actor::service()};
        auto const taken = co_await db_.write([&](Transaction& tx) -> result<std::vector<usecases::TakenAnswer>> {
            return usecases::take_answer(tx, context, incoming);
        });
        if (!taken) {
            core::log::warn("answers", "not_taken", {{"code", slug(taken.error().code)}});
            replies.push_back({451, "4.3.0 not now, please try again"});
            continue;
        }
        for (auto const& one : *taken) report(one);
        replies.push_back({250, "2.0.0 kept"});
    }
    co_return replies;
}

std::string tag_of(std::string_view address) {
    std::size_t const plus = address.find('+'), at = address.rfind('@');
    if (plus == std::string_view::npos || at == std::string_view::npos || plus > at) return {};
    return std::string(address.substr(plus + 1, at - plus - 1));
}

}  // namespace convoke::jobs
