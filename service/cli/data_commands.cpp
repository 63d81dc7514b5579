#include "service/cli/data_commands.hpp"

#include "service/api/event_json.hpp"
#include "service/cli/person_json.hpp"
#include "service/cli/progress.hpp"
#include "service/core/ids.hpp"
#include "service/usecases/capability.hpp"
#include "service/usecases/load_demo.hpp"
#include "service/usecases/outbox.hpp"
#include "service/usecases/persons.hpp"
#include "service/usecases/sign_in.hpp"
#include "service/usecases/tokens.hpp"

#include <boost/json/serialize.hpp>

#include <unistd.h>

#include <iostream>

namespace convoke::cli {

using store::Transaction;

namespace {

std::int64_t need_id(std::string const& text) {
    auto const id = core::parse_id(text);
    if (!id) throw CommandFailed("\"" + text + "\" is no id: ids have 13 letters and digits, as the lists print them");
    return *id;
}

}  // namespace

int create_token(Environment& environment, std::string const& name, std::string const& role, std::optional<std::string> const& community) {
    auto const context = environment.context();
    auto const token = Environment::need(environment.database().write_now(
        [&](Transaction& tx) { return usecases::create_token(tx, context, name, role, community); }));
    std::cout << token.text << std::endl;
    return 0;
}

int list_tokens(Environment& environment, bool as_json) {
    auto const context = environment.context();
    boost::json::array all;
    usecases::Page page;
    page.limit = 500;
    for (;;) {
        auto const tokens = Environment::need(environment.database().read_now(
            [&](Transaction& tx) { return usecases::list_tokens(tx, context, page); }));
        for (auto const& token : tokens) {
            std::string const community = token.community_id ? core::format_id(*token.community_id) : "";
            std::string const revoked = token.revoked ? calendar::format_instant(*token.revoked) : "";
            if (as_json) {
                boost::json::object one{{"id", core::format_id(token.id)}, {"name", token.name}, {"role", token.role}, {"created", calendar::format_instant(token.created)}};
                if (token.community_id) one["communityId"] = community;
                if (token.revoked) one["revoked"] = revoked;
                all.push_back(std::move(one));
            } else {
                std::cout << core::format_id(token.id) << '\t' << token.role << '\t' << (community.empty() ? "-" : community) << '\t'
                          << calendar::format_instant(token.created) << '\t' << (token.revoked ? "revoked " + revoked : "valid") << '\t' << token.name << '\n';
            }
        }
        if (tokens.size() < page.limit) break;
        page.after = tokens.back().id;
    }
    if (as_json) std::cout << boost::json::serialize(all) << '\n';
    std::cout.flush();
    return 0;
}

int revoke_token(Environment& environment, std::string const& id) {
    auto const context = environment.context();
    Environment::need(environment.database().write_now(
        [&](Transaction& tx) { return usecases::revoke_token(tx, context, need_id(id)); }));
    std::cerr << "convoke: revoked; the next request with it is refused" << std::endl;
    return 0;
}

int print_login_link(Environment& environment, std::string const& email) {
    auto const context = environment.context();
    auto const link = Environment::need(environment.database().write_now(
        [&](Transaction& tx) { return usecases::create_login_link(tx, context, email); }));
    std::cout << usecases::login_url(environment.instance(), link.id) << std::endl;
    return 0;
}

int list_outbox(Environment& environment, std::string const& event, std::string const& recipient, std::string const& state, bool as_json) {
    auto const context = environment.context();
    usecases::OutboxQuery query;
    query.limit = 500;
    if (!event.empty()) query.event_id = need_id(event);
    if (!recipient.empty()) query.recipient = recipient;
    if (!state.empty()) query.state = state;
    boost::json::array all;
    for (;;) {
        auto const mails = Environment::need(environment.database().read_now(
            [&](Transaction& tx) { return usecases::list_outbox(tx, context, query); }));
        for (auto const& mail : mails) {
            if (as_json) {
                all.push_back(api::mail_json(mail));
                continue;
            }
            std::cout << core::format_id(mail.id) << '\t' << mail.state << '\t' << mail.kind << '\t' << mail.recipient << '\t'
                      << calendar::format_instant(mail.sent.value_or(mail.due)) << '\t' << mail.attempts << '\t' << mail.subject;
            if (!mail.last_error.empty()) std::cout << '\t' << mail.last_error;
            std::cout << '\n';
        }
        if (mails.size() < query.limit) break;
        query.after = mails.back().id;
    }
    if (as_json) std::cout << boost::json::serialize(all) << '\n';
    std::cout.flush();
    return 0;
}

int show_mail(Environment& environment, std::string const& id) {
    auto const context = environment.context();
    auto const mail = Environment::need(environment.database().read_now(
        [&](Transaction& tx) { return usecases::find_mail(tx, context, need_id(id)); }));
    std::cout << boost::json::serialize(api::mail_json(mail)) << "\n";
    if (mail.bytes.empty())
        std::cerr << "convoke: not written yet; its text is made when it is sent" << std::endl;
    else
        std::cout << '\n' << mail.bytes;
    std::cout.flush();
    return 0;
}

int retry_mails(Environment& environment, std::vector<std::string> const& ids) {
    auto const context = environment.context();
    std::vector<std::int64_t> numbers;
    for (std::string const& id : ids) numbers.push_back(need_id(id));
    auto& database = environment.database();
    std::vector<std::string> refused;
    {
        Progress progress("sending again", ids.size());
        for (std::size_t i = 0; i < ids.size(); ++i) {
            // Each for itself: one that cannot be sent again keeps none of the others back.
            auto const retried = database.write_now([&](Transaction& tx) { return usecases::retry_mail(tx, context, numbers[i]); });
            if (!retried && ids.size() == 1) throw CommandFailed(retried.error());
            if (!retried) refused.push_back(ids[i] + ": " + CommandFailed(retried.error()).what());
            progress.done(i + 1);
        }
    }
    for (std::string const& why : refused) std::cerr << "convoke: " << why << "\n";
    std::size_t const due = ids.size() - refused.size();
    if (due == 1) std::cerr << "convoke: the mail is due again" << std::endl;
    else std::cerr << "convoke: " << due << " mails are due again" << std::endl;
    return refused.empty() ? 0 : 1;
}

int export_person(Environment& environment, std::string const& email) {
    auto const context = environment.context();
    auto const record = [&] {
        Progress const progress("gathering what is held");
        return Environment::need(environment.database().read_now(
            [&](Transaction& tx) { return usecases::export_person(tx, context, email); }));
    }();
    std::cout << boost::json::serialize(person_json(record)) << std::endl;
    return 0;
}

int erase_person(Environment& environment, std::string const& email, bool yes) {
    if (!yes) {
        if (!isatty(STDIN_FILENO)) throw CommandFailed("erasing cannot be undone: say --yes");
        std::cerr << "Everything held about " << email << " will be erased. This cannot be undone. Type the address to go on: ";
        std::string typed;
        std::getline(std::cin, typed);
        if (typed != email) throw CommandFailed("nothing was erased");
    }
    auto const context = environment.context();
    Environment::need(environment.database().write_now(
        [&](Transaction& tx) { return usecases::erase_person(tx, context, email); }));
    std::cerr << "convoke: erased" << std::endl;
    return 0;
}

int load_demo(Environment& environment, bool as_json) {
    auto const context = environment.context();
    auto const today = std::chrono::floor<std::chrono::days>(calendar::to_local(context.now, "Europe/Brussels").local);
    auto const content = domain::demo::make_demo(today);
    auto const report = [&] {
        Progress progress("loading the demonstration community", content.members.size() + content.events.size());
        return Environment::need(environment.database().write_now(
            [&](Transaction& tx) { return usecases::load_demo(tx, context, content, [&](std::size_t done) { progress.done(done); }); }));
    }();
    std::string const feed = usecases::feed_url(environment.instance(), report.member_person, report.member_feed_version);
    std::cerr << (report.loaded ? "convoke: loaded the demonstration community: " : "convoke: the demonstration community is there already: ")
              << report.members << " members, " << report.events << " events" << std::endl;
    if (as_json)
        std::cout << boost::json::serialize(boost::json::object{{"loaded", report.loaded}, {"members", report.members}, {"events", report.events}, {"feed", feed}}) << std::endl;
    else
        std::cout << feed << std::endl;
    return 0;
}

}  // namespace convoke::cli
