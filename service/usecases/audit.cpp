#include "service/usecases/audit_progress.hpp"

#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"
#include "service/store/communities.hpp"
#include "service/store/events.hpp"
#include "service/store/tokens.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace convoke::usecases {

namespace {

constexpr std::size_t verified_at_once = 1000;
std::string const before_the_first(64, '0');

void add_part(std::string& text, std::string_view part) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
}

void add_part(std::string& text, std::int64_t number) { add_part(text, std::to_string(number)); }

void add_part(std::string& text, std::optional<std::int64_t> const& number) {
    if (number)
        add_part(text, *number);
    else
        add_part(text, std::string_view());
}

// Fills in the names, each looked up once.
class Names {
public:
    explicit Names(Transaction& tx) : tx_(tx) {}

    AuditLine named(store::ChangeLine line) {
        AuditLine named;
        named.id = line.id;
        if (line.community_id) named.community_slug = slug(*line.community_id);
        std::int64_t token = 0;
        constexpr std::string_view prefix = "token:";
        if (line.actor.starts_with(prefix)) {
            std::from_chars(line.actor.data() + prefix.size(), line.actor.data() + line.actor.size(), token);
            named.token_name = token_name(token);
        }
        named.line = std::move(line);
        return named;
    }

private:
    std::string const& slug(std::int64_t id) {
        auto const [found, fresh] = slugs_.try_emplace(id);
        if (fresh)
            if (auto const community = store::find_community(tx_, id)) found->second = community->slug;
        return found->second;
    }
    std::string const& token_name(std::int64_t id) {
        auto const [found, fresh] = tokens_.try_emplace(id);
        if (fresh) {
            // The list is in order of ids: the first one from here on is this one, revoked or not.
            auto const listed = store::list_tokens(tx_, id - 1, 1);
            if (!listed.empty() && listed.front().id == id) found->second = listed.front().name;
        }
        return found->second;
    }

    Transaction& tx_;
    std::map<std::int64_t, std::string> slugs_, tokens_;
};

// The communities whose lines are asked for; nullopt: all there is.
result<std::optional<std::vector<std::int64_t>>> communities_asked(Transaction& tx, Context const& context, AuditQuery const& query) {
    using Asked = std::optional<std::vector<std::int64_t>>;
    if (query.community) {
        auto const community = store::find_community(tx, *query.community);
        if (!community || !domain::may_organise(context.actor, community->id))
            return Failure(errc::not_found, "there is no community \"" + *query.community + "\" that you organise");
        return Asked({community->id});
    }
    if (context.actor.admin) return Asked();
    if (context.actor.organises.empty()) return Failure(errc::forbidden, "only organisers read the audit log");
    return Asked(context.actor.organises);
}

}  // namespace

store::Origin origin_of(Context const& context) { return {domain::name_of(context.actor), context.request_id}; }

result<std::vector<AuditLine>> list_audit(Transaction& tx, Context const& context, AuditQuery const& query) {
    store::ChangeFilter filter;
    filter.before = query.page.after;
    filter.limit = query.page.limit;
    CONVOKE_TRY(communities, communities_asked(tx, context, query));
    std::vector<store::ChangeLine> lines;
    if (query.event_id) {
        auto const event = store::find_event(tx, *query.event_id);
        bool const asked = event && (!query.community || std::find(event->community_ids.begin(), event->community_ids.end(),
                                                                   communities->front()) != event->community_ids.end());
        if (!asked || !domain::may_organise_any(context.actor, event->community_ids))
            return Failure(errc::not_found, "there is no such event");
        filter.event_id = query.event_id;
        lines = store::list_changes(tx, filter);
    } else if (!communities) {
        lines = store::list_changes(tx, filter);
    } else {
        for (std::int64_t const id : *communities) {
            filter.community_id = id;
            auto const some = store::list_changes(tx, filter);
            lines.insert(lines.end(), some.begin(), some.end());
        }
        std::sort(lines.begin(), lines.end(), [](auto const& a, auto const& b) { return a.id > b.id; });
        lines.erase(std::unique(lines.begin(), lines.end(), [](auto const& a, auto const& b) { return a.id == b.id; }), lines.end());
        if (lines.size() > filter.limit) lines.resize(filter.limit);
    }
    Names names(tx);
    std::vector<AuditLine> named;
    for (store::ChangeLine& line : lines) named.push_back(names.named(std::move(line)));
    return named;
}

std::string audit_hash(std::string const& before, std::int64_t position, store::ChangeLine const& line) {
    std::string text;
    add_part(text, before);
    add_part(text, position);
    add_part(text, line.id);
    add_part(text, std::int64_t(line.at.time_since_epoch().count()));
    add_part(text, line.actor);
    add_part(text, line.action);
    add_part(text, line.community_id);
    add_part(text, line.event_id);
    add_part(text, line.person_id);
    add_part(text, line.detail);
    add_part(text, line.request_id);
    return core::hex_encode(core::sha256(text));
}

bool anything_to_chain(Transaction& tx) { return store::anything_unchained(tx); }

std::int64_t chain_audit(Transaction& tx, std::size_t max) {
    if (!store::try_lock_name(tx, "audit-chain")) return 0;
    store::ChainHead head = store::chain_head(tx);
    if (head.hash.empty()) head.hash = before_the_first;
    auto const lines = store::unchained_changes(tx, max);
    for (store::ChangeLine const& line : lines) {
        ++head.position;
        head.hash = audit_hash(head.hash, head.position, line);
        store::chain_change(tx, line.id, head.position, head.hash);
    }
    if (!lines.empty()) store::set_chain_head(tx, head);
    return static_cast<std::int64_t>(lines.size());
}

AuditCheck verify_audit(Transaction& tx, std::string const& known_head) { return verify_audit(tx, known_head, {}); }

AuditCheck verify_audit(Transaction& tx, std::string const& known_head, std::function<void(std::size_t, std::size_t)> const& progress) {
    AuditCheck check;
    check.head = before_the_first;
    check.head_found = known_head.empty();
    store::ChainHead const end = store::chain_head(tx);
    while (check.fault.empty()) {
        auto const lines = store::chained_changes(tx, check.lines, verified_at_once);
        if (lines.empty()) break;
        for (store::ChangeLine const& line : lines) {
            std::int64_t const expected = check.lines + 1;
            if (*line.position != expected) {
                check.fault = "line " + std::to_string(expected) + " of the chain is missing";
            } else if (line.hash != audit_hash(check.head, expected, line)) {
                check.fault = "line " + std::to_string(expected) + " (" + core::format_id(line.id) + ", " + line.action + ") was changed";
            }
            if (!check.fault.empty()) break;
            check.lines = expected;
            check.head = line.hash;
            if (line.hash == known_head) check.head_found = true;
        }
        if (progress) progress(static_cast<std::size_t>(check.lines), static_cast<std::size_t>(end.position));
    }
    bool const whole = end.position == check.lines && (end.position == 0 || end.hash == check.head);
    if (check.fault.empty() && !whole)
        check.fault = "the chain ends with line " + std::to_string(check.lines) + ", but " + std::to_string(end.position) + " lines were chained";
    if (check.fault.empty() && !check.head_found) check.fault = "the head that was noted is not part of the chain";
    check.waiting = store::count_unchained(tx);
    return check;
}

}  // namespace convoke::usecases
