#include "service/usecases/import_members.hpp"

#include "service/usecases/members.hpp"

namespace convoke::usecases {

result<MembersReport> import_members(Transaction& tx, Context const& context, std::string_view community,
                                     domain::documents::MembersDocument const& document,
                                     std::function<void(std::size_t)> const& progress) {
    MembersReport report;
    std::size_t done = 0;
    for (auto const& row : document.members) {
        Member wanted;
        wanted.email = row.email;
        wanted.name = row.name;
        wanted.organisation = row.organisation;
        wanted.category = row.category;
        wanted.country = row.country;
        wanted.language = row.language;
        wanted.time_zone = row.time_zone;
        wanted.role = row.role;
        CONVOKE_TRY(put, put_member(tx, context, community, wanted));
        switch (put.outcome) {
            case PutMember::Outcome::added: ++report.added; break;
            case PutMember::Outcome::changed: ++report.changed; break;
            case PutMember::Outcome::unchanged: ++report.unchanged; break;
        }
        if (progress) progress(++done);
    }
    return report;
}

}  // namespace convoke::usecases
