#include "service/web/views/organise_members_view.hpp"

#include "service/domain/country.hpp"

namespace convoke::web {

std::string say_role(Phrases const& say, std::string const& role) {
    return role == "organiser" ? say("organiser") : role == "chair" ? say("chair") : say("member");
}

Data organise_members_view(Reader const& reader, std::vector<OrganisedMember> const& members, std::string const& more) {
    std::vector<Data> rows;
    for (auto const& [member, fetch] : members) {
        Data row;
        row.set("name", member.name.empty() ? member.email : member.name).set("email", member.email);
        row.set("organisation", member.organisation).set("country", domain::country_name(member.country));
        row.set("role", say_role(reader.say, member.role));
        row.set("fetched", fetch ? say_ago(reader.say, reader.now - fetch->at) : reader.say("never"));
        row.set("program", fetch ? say_client(reader.say, fetch->client) : std::string());
        rows.push_back(row);
    }
    return std::move(Data().set("members", rows).set("has_members", !rows.empty()).set("more", more));
}

}  // namespace convoke::web
