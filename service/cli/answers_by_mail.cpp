#include "service/cli/answers_by_mail.hpp"

#include "service/core/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

namespace convoke::cli {

namespace asio = boost::asio;

AnswersByMail::AnswersByMail(config::Settings const& settings, store::Database& db, usecases::Instance const& instance, core::Clock const& clock)
    : intake_(db, instance, clock, {settings.mail.reply_to, settings.mail.from}) {
    if (settings.mail.lmtp_listen.empty()) return;
    notifications::LmtpOptions options;
    options.listen = settings.mail.lmtp_listen;
    options.rules.host_name = instance.mail_domain;
    options.rules.accepts = [this](std::string_view address) { return intake_.accepts(address); };
    options.take = [this](notifications::LmtpMail const& mail) { return intake_.take(mail); };
    options.log = [](std::string_view line) { core::log::warn("answers", "lmtp", {{"what", line}}); };
    server_.emplace(std::move(options), io_.get_executor());
}

void AnswersByMail::start() {
    if (!server_) return;
    server_->start();
    core::log::info("answers", "listening", {{"port", server_->port()}});
    thread_ = std::thread([this] { io_.run(); });
}

void AnswersByMail::stop() {
    if (!thread_.joinable()) return;
    asio::co_spawn(io_, server_->stop(), asio::use_future).get();
    io_.stop();
    thread_.join();
}

}  // namespace convoke::cli
