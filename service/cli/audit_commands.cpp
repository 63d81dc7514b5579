#include "service/cli/audit_commands.hpp"

#include "service/api/audit_routes.hpp"
#include "service/cli/progress.hpp"
#include "service/core/ids.hpp"
#include "service/usecases/audit_progress.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <iostream>

namespace convoke::cli {

namespace {

constexpr std::size_t page_size = 1000;

std::string or_dash(std::string const& text) { return text.empty() ? "-" : text; }

std::string id_or_dash(std::optional<std::int64_t> const& id) { return id ? core::format_id(*id) : "-"; }

}  // namespace

int list_audit(Environment& environment, std::string const& community, std::string const& event, std::size_t limit, bool json) {
    usecases::AuditQuery query;
    if (!community.empty()) query.community = community;
    if (!event.empty()) {
        query.event_id = core::parse_id(event);
        if (!query.event_id) throw CommandFailed("there is no event " + event);
    }
    auto const context = environment.context();
    std::vector<usecases::AuditLine> lines;
    while (limit == 0 || lines.size() < limit) {
        query.page.limit = limit == 0 ? page_size : std::min(page_size, limit - lines.size());
        auto const page = Environment::need(
            environment.database().read_now([&](store::Transaction& tx) { return usecases::list_audit(tx, context, query); }));
        lines.insert(lines.end(), page.begin(), page.end());
        if (page.size() < query.page.limit) break;
        query.page.after = page.back().id;
    }
    if (json) {
        boost::json::array all;
        for (auto const& line : lines) all.push_back(api::audit_json(line));
        std::cout << boost::json::serialize(all) << std::endl;
        return 0;
    }
    for (auto const& audit : lines) {
        auto const& line = audit.line;
        std::cout << calendar::format_instant(line.at) << '\t' << line.actor << (audit.token_name.empty() ? "" : " (" + audit.token_name + ")")
                  << '\t' << line.action << '\t' << or_dash(audit.community_slug) << '\t' << id_or_dash(line.event_id) << '\t'
                  << id_or_dash(line.person_id) << '\t' << or_dash(line.detail) << '\t' << or_dash(line.request_id) << '\n';
    }
    std::cout << std::flush;
    return 0;
}

int verify_audit(Environment& environment, std::string const& head) {
    auto const check = [&] {
        Progress progress("following the chain");
        return Environment::need(environment.database().read_now([&](store::Transaction& tx) -> result<usecases::AuditCheck> {
            return usecases::verify_audit(tx, head, [&](std::size_t done, std::size_t total) { progress.done(done, total); });
        }));
    }();
    std::cout << (check.fault.empty() ? "whole" : "broken") << '\t' << check.lines << " lines\thead " << check.head << std::endl;
    if (check.waiting > 0)
        std::cerr << "convoke: " << check.waiting << " lines are not chained yet; a running service does it within a second" << std::endl;
    if (check.fault.empty()) return 0;
    std::cerr << "convoke: " << check.fault << std::endl;
    return 1;
}

}  // namespace convoke::cli
