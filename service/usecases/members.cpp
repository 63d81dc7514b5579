#include "service/usecases/members.hpp"

#include "calendar/ascii.hpp"
#include "service/core/ids.hpp"
#include "service/store/members.hpp"
#include "service/store/people.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/communities.hpp"
#include "service/usecases/revision.hpp"

namespace convoke::usecases {
namespace {

Failure no_such_member() { return Failure(errc::not_found, "there is no such member in this community"); }

void log(Transaction& tx, Context const& context, std::string_view action, Member const& member) {
    store::log_change(tx, context.now, origin_of(context), action, member.community_id, {},
                      member.person_id, "member:" + std::to_string(member.id));
}

void fill_defaults(Member& member, Community const& community) {
    if (member.time_zone.empty() && !member.country.empty())
        member.time_zone = calendar::zone_of_country(member.country);
    if (member.time_zone.empty()) member.time_zone = community.time_zone;
    if (member.language.empty()) member.language = community.language;
    if (member.role.empty()) member.role = "member";
}

// The person row behind a membership; its address may be spelt as it came first.
domain::Person person_for(Transaction& tx, Context const& context, Member const& member) {
    return store::find_or_add_person(tx, context.now, {.email = member.email,
                                                       .name = member.name,
                                                       .organisation = member.organisation,
                                                       .country = member.country,
                                                       .language = member.language,
                                                       .time_zone = member.time_zone});
}

result<Member> insert(Transaction& tx, Context const& context, Community const& community, Member member) {
    fill_defaults(member, community);
    auto const person = person_for(tx, context, member);
    member.id = core::new_id();
    member.community_id = community.id;
    member.person_id = person.id;
    member.email = person.email;
    member.feed_version = person.feed_version;
    member.revision = 1;
    member.created = member.updated = context.now;
    if (!store::insert_member(tx, member))
        return fault_at("/email", errc::already_exists, "this address is a member of the community already");
    log(tx, context, "member.add", member);
    return member;
}

bool same_profile(Member const& a, Member const& b) {
    return a.name == b.name && a.organisation == b.organisation && a.category == b.category && a.country == b.country &&
           a.language == b.language && a.time_zone == b.time_zone && a.role == b.role;
}

Member with_profile_of(Member member, Member const& wanted) {
    member.name = wanted.name;
    member.organisation = wanted.organisation;
    member.category = wanted.category;
    member.country = wanted.country;
    member.language = wanted.language;
    member.time_zone = wanted.time_zone;
    member.role = wanted.role;
    return member;
}

Member update(Transaction& tx, Context const& context, Member member) {
    member.revision += 1;
    member.updated = context.now;
    store::update_member(tx, member);
    log(tx, context, "member.change", member);
    return member;
}

// Under the lock that every writer of the row takes.
result<Member> member_to_change(Transaction& tx, Context const& context, std::string_view community, std::int64_t id) {
    CONVOKE_TRY(visible, usecases::find_member(tx, context, community, id));
    store::lock_row(tx, "member", visible.id);
    auto member = store::find_member(tx, visible.id);
    if (!member) return no_such_member();
    return *std::move(member);
}

}  // namespace

result<Member> add_member(Transaction& tx, Context const& context, std::string_view slug, Member const& wanted) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    return insert(tx, context, community, wanted);
}

result<PutMember> put_member(Transaction& tx, Context const& context, std::string_view slug, Member const& wanted) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    auto const person = store::find_person(tx, wanted.email);
    auto const found = person ? store::find_member(tx, community.id, person->id) : std::nullopt;
    if (!found) {
        CONVOKE_TRY(member, insert(tx, context, community, wanted));
        return PutMember{std::move(member), PutMember::Outcome::added};
    }
    Member next = *found;
    auto const take = [](std::string& have, std::string const& given) {
        if (!given.empty()) have = given;
    };
    take(next.name, wanted.name);
    take(next.organisation, wanted.organisation);
    take(next.category, wanted.category);
    take(next.country, wanted.country);
    take(next.language, wanted.language);
    take(next.time_zone, wanted.time_zone);
    take(next.role, wanted.role);
    if (same_profile(next, *found)) return PutMember{*found, PutMember::Outcome::unchanged};
    return PutMember{update(tx, context, std::move(next)), PutMember::Outcome::changed};
}

result<Member> change_member(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id,
                             std::optional<std::int64_t> expected_revision, Member const& wanted) {
    CONVOKE_TRY(member, member_to_change(tx, context, slug, id));
    CONVOKE_CHECK(check_revision(expected_revision, member.revision));
    if (calendar::ascii_lower(wanted.email) != calendar::ascii_lower(member.email))
        return fault_at("/email", errc::invalid_value,
                        "an address stays with its person: remove this member and add the new address");
    CONVOKE_TRY(community, usecases::find_community(tx, member.community_id));
    Member next = with_profile_of(member, wanted);
    fill_defaults(next, community);
    if (same_profile(next, member)) return member;
    return update(tx, context, std::move(next));
}

result<void> remove_member(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id,
                           std::optional<std::int64_t> expected_revision) {
    CONVOKE_TRY(member, member_to_change(tx, context, slug, id));
    CONVOKE_CHECK(check_revision(expected_revision, member.revision));
    store::delete_member(tx, member.id);
    log(tx, context, "member.remove", member);
    return {};
}

result<Member> find_member(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    auto member = store::find_member(tx, id);
    if (!member || member->community_id != community.id) return no_such_member();
    return *std::move(member);
}

result<std::vector<Member>> list_members(Transaction& tx, Context const& context, std::string_view slug,
                                         Page const& page) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    return store::list_members(tx, community.id, page.after, page.limit);
}

result<std::int64_t> count_members(Transaction& tx, Context const& context, std::string_view slug) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    return store::count_members(tx, community.id);
}

std::vector<Member> memberships_of(Transaction& tx, std::int64_t person_id) {
    return store::memberships_of(tx, person_id);
}

}  // namespace convoke::usecases
