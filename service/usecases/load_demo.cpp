#include "service/usecases/load_demo.hpp"

#include "service/store/communities.hpp"
#include "service/usecases/communities.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/groups.hpp"
#include "service/usecases/members.hpp"
#include "service/usecases/programmes.hpp"

#include <algorithm>

namespace convoke::usecases {

result<DemoReport> load_demo(Transaction& tx, Context const& context, domain::demo::DemoContent const& content,
                             std::function<void(std::size_t)> const& progress) {
    DemoReport report;
    std::size_t there = 0;
    auto const one_more = [&] {
        if (progress) progress(++there);
    };
    report.members = content.members.size();
    report.events = content.events.size();
    auto const from_ireland = [](Member const& member) { return member.country == "IE" && member.role == "member"; };
    if (store::find_community(tx, content.community.slug)) {
        CONVOKE_TRY(members, list_members(tx, context, content.community.slug, {500, {}}));
        auto const shown = std::find_if(members.begin(), members.end(), from_ireland);
        if (shown != members.end()) {
            report.member_person = shown->person_id;
            report.member_feed_version = shown->feed_version;
        }
        return report;
    }
    report.loaded = true;
    CONVOKE_CHECK(create_community(tx, context, content.community));
    CONVOKE_CHECK(create_group(tx, context, content.community.slug, content.working_group));
    for (Member const& wanted : content.members) {
        CONVOKE_TRY(member, add_member(tx, context, content.community.slug, wanted));
        auto const& group = content.working_group_members;
        if (std::find(group.begin(), group.end(), wanted.email) != group.end())
            CONVOKE_CHECK(put_group_member(tx, context, content.community.slug, content.working_group.slug, member.id));
        if (report.member_person == 0 && from_ireland(member)) {
            report.member_person = member.person_id;
            report.member_feed_version = member.feed_version;
        }
        one_more();
    }
    CONVOKE_CHECK(create_programme(tx, context, content.community.slug, content.programme));
    for (auto const& event : content.events) {
        CONVOKE_TRY(created, create_event(tx, context, event.definition));
        if (event.state == domain::EventState::completed) {
            CONVOKE_CHECK(record_past_event(tx, context, created.id));
        } else {
            CONVOKE_CHECK(publish_event(tx, context, created.id, std::nullopt));
        }
        one_more();
    }
    return report;
}

}  // namespace convoke::usecases
