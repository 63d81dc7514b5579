#include "service/domain/demo/demo_content.hpp"

#include "service/domain/demo/demo_events.hpp"
#include "service/domain/demo/demo_people.hpp"

namespace convoke::domain::demo {
namespace {

Community the_community() {
    Community community;
    community.slug = "cop-demo";
    community.name = "Community of Practice on Housing and Inclusion – demonstration";
    community.time_zone = "Europe/Brussels";
    community.language = "en";
    community.contact_email = "secretariat@convoke.example";
    return community;
}

Member the_organiser() {
    Member organiser;
    organiser.email = "organiser@convoke.example";
    organiser.name = "Odile Verstraeten";
    organiser.organisation = "Convoke demonstration secretariat";
    organiser.category = "secretariat";
    organiser.country = "BE";
    organiser.language = "en";
    organiser.time_zone = "Europe/Brussels";
    organiser.role = "organiser";
    return organiser;
}

Programme the_programme(local_days today) {
    int const year = static_cast<int>(std::chrono::year_month_day(today).year());
    Programme programme;
    programme.title = "Work Programme " + std::to_string(year);
    programme.period = std::to_string(year);
    programme.objectives = {
        {"01", "Finding a home: fair access to the housing market",
         {{"01 PT 01", "Working with landlords and tackling discrimination in letting"}, {"01 PT 02", "First homes after reception: from a bed to a lease"}}},
        {"02", "Living together: neighbourhoods that include",
         {{"02 PT 01", "Neighbourhood work that newcomers and residents run together"}, {"02 PT 02", "Children first: homes, schools and play"}}},
        {"03", "Paying for it: calls that combine funds well",
         {{"03 PT 01", "Simplified cost options for social housing support"}, {"03 PT 02", "Partnership between town halls, tenants and funding bodies"}}},
    };
    programme.outputs = {
        {"Background note", "What a first lease needs: twelve practices compared", say_month(months_after(today, 2)), {"01 PT 02"}},
        {"Guidance document", "Writing calls for housing with support: a checklist", say_month(months_after(today, 8)), {"03 PT 01", "03 PT 02"}},
    };
    return programme;
}

}  // namespace

DemoContent make_demo(local_days today) {
    DemoContent demo;
    demo.community = the_community();
    demo.members.push_back(the_organiser());
    for (Member& member : demo_people()) demo.members.push_back(std::move(member));
    demo.working_group.slug = "first-homes";
    demo.working_group.name = "Working group on first homes";
    // Every twelfth person, so that the group crosses the zones as the community does.
    for (std::size_t i = 1; demo.working_group_members.size() < 12; i += 12) demo.working_group_members.push_back(demo.members.at(i).email);
    demo.programme = the_programme(today);
    demo.events = demo_events(today, demo.community.slug, demo.working_group.slug);
    return demo;
}

}  // namespace convoke::domain::demo
