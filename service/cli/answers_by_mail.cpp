#include "service/cli/answers_by_mail.hpp"

#include "notifications/addressees.hpp"
#include "service/cli/environment.hpp"
#include "service/cli/mail_settings.hpp"
#include "service/core/log.hpp"
#include "service/core/spawn.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>

namespace convoke::cli {

namespace asio = boost::asio;

AnswersByMail::AnswersByMail(config::Settings const& settings, store::Database& db, usecases::Instance const& instance, core::Clock const& clock)
    : intake_(db, instance, clock, {settings.mail.reply_to, settings.mail.from}), reply_to_(settings.mail.reply_to) {
    if (!settings.mail.lmtp_listen.empty()) {
        notifications::LmtpOptions options;
        options.listen = settings.mail.lmtp_listen;
        options.rules.host_name = instance.mail_domain;
        options.rules.accepts = [this](std::string_view address) { return intake_.accepts(address); };
        options.take = [this](notifications::LmtpMail const& mail) { return intake_.take(mail); };
        options.log = [](std::string_view line) { core::log::warn("answers", "lmtp", {{"what", line}}); };
        server_.emplace(std::move(options), io_.get_executor());
    }
    if (!settings.mail.imap.empty()) {
        auto options = mailbox_options(settings);
        options.take = [this](std::string const& bytes) { return take_fetched(bytes); };
        options.now = [&clock] { return clock.now(); };
        options.log = [](std::string_view line) { core::log::warn("answers", "mailbox", {{"what", line}}); };
        mailbox_ = Environment::need(notifications::ImapMailbox::make(std::move(options), io_.get_executor()));
    }
}

// A mailbox keeps no envelope: what names none of our addresses (a blind copy, a list) is still kept, under the reply
// address without a tag.
asio::awaitable<bool> AnswersByMail::take_fetched(std::string const& bytes) {
    notifications::LmtpMail mail;
    mail.bytes = bytes;
    for (std::string& address : notifications::addressees(bytes))
        if (intake_.accepts(address)) mail.recipients.push_back(std::move(address));
    if (mail.recipients.empty()) mail.recipients.push_back(reply_to_);
    auto const replies = co_await intake_.take(mail);
    co_return std::all_of(replies.begin(), replies.end(), [](auto const& reply) { return reply.code == 250; });
}

void AnswersByMail::start() {
    if (server_) {
        server_->start();
        core::log::info("answers", "listening", {{"port", server_->port()}});
    }
    if (mailbox_) core::spawn(io_.get_executor(), "mailbox", mailbox_->run());
    if (server_ || mailbox_) thread_ = std::thread([this] { io_.run(); });
}

void AnswersByMail::finish() {
    if (!thread_.joinable()) return;
    if (server_) ends_.push_back(asio::co_spawn(io_, server_->stop(), asio::use_future));
    if (mailbox_) ends_.push_back(asio::co_spawn(io_, mailbox_->stop(), asio::use_future));
}

void AnswersByMail::stop() {
    if (!thread_.joinable()) return;
    if (ends_.empty()) finish();
    for (auto& end : ends_) end.get();
    io_.stop();
    thread_.join();
}

}  // namespace convoke::cli
