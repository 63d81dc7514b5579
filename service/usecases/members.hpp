// The verbs and queries around the members of a community. See context.hpp for the rules of verbs.
// Nothing here sends a mail. Only organisers of the community may; others get errc::not_found.
#pragma once

#include "service/domain/community.hpp"
#include "service/usecases/context.hpp"
#include "service/usecases/page.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace convoke::usecases {

using domain::Member;

// Takes the fields of domain::decode_member; what is empty there gets a default: the zone of the country, else the
// community's zone; the community's language; role "member". The same address in two communities is one person.
// errc::already_exists when the address is a member already.
result<Member> add_member(Transaction& tx, Context const& context, std::string_view community, Member const& wanted);

// For imports: adds, or changes what differs. An empty field of `wanted` leaves what stands there.
struct PutMember {
    Member member;
    enum class Outcome { added, changed, unchanged } outcome = Outcome::added;
};
result<PutMember> put_member(Transaction& tx, Context const& context, std::string_view community,
                             Member const& wanted);

// `wanted`: whole, after the merge; the address stays. errc: not_found, changed_meanwhile, invalid_value.
result<Member> change_member(Transaction& tx, Context const& context, std::string_view community, std::int64_t id,
                             std::optional<std::int64_t> expected_revision, Member const& wanted);

// Ends the membership (and those in working groups). Registrations and the person stay.
result<void> remove_member(Transaction& tx, Context const& context, std::string_view community, std::int64_t id,
                           std::optional<std::int64_t> expected_revision = {});

result<Member> find_member(Transaction& tx, Context const& context, std::string_view community, std::int64_t id);
result<std::vector<Member>> list_members(Transaction& tx, Context const& context, std::string_view community,
                                         Page const& page);
result<std::int64_t> count_members(Transaction& tx, Context const& context, std::string_view community);

// A person's memberships; no rights are checked: for the person's own pages and the service.
std::vector<Member> memberships_of(Transaction& tx, std::int64_t person_id);

}  // namespace convoke::usecases
