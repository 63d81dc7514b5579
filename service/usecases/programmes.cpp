#include "service/usecases/programmes.hpp"

#include "service/core/ids.hpp"
#include "service/store/programmes.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/communities.hpp"
#include "service/usecases/revision.hpp"

namespace convoke::usecases {
namespace {

Failure no_such_programme() { return Failure(errc::not_found, "there is no such programme in this community"); }

void log(Transaction& tx, Context const& context, std::string_view action, Programme const& programme) {
    store::log_change(tx, context.now, origin_of(context), action, programme.community_id, {}, {},
                      "programme:" + std::to_string(programme.id));
}

bool same_content(Programme const& a, Programme const& b) {
    return a.title == b.title && a.period == b.period && a.objectives == b.objectives && a.outputs == b.outputs;
}

Programme insert(Transaction& tx, Context const& context, std::int64_t community_id, Programme programme) {
    programme.id = core::new_id();
    programme.community_id = community_id;
    programme.revision = 1;
    programme.created = programme.updated = context.now;
    store::insert_programme(tx, programme);
    log(tx, context, "programme.create", programme);
    return programme;
}

Programme update(Transaction& tx, Context const& context, Programme programme, Programme const& wanted) {
    programme.title = wanted.title;
    programme.period = wanted.period;
    programme.objectives = wanted.objectives;
    programme.outputs = wanted.outputs;
    programme.revision += 1;
    programme.updated = context.now;
    store::update_programme(tx, programme);
    log(tx, context, "programme.change", programme);
    return programme;
}

result<Programme> programme_to_change(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    store::lock_row(tx, "programme", id);
    auto programme = store::find_programme(tx, id);
    if (!programme || programme->community_id != community.id) return no_such_programme();
    return *std::move(programme);
}

}  // namespace

result<Programme> create_programme(Transaction& tx, Context const& context, std::string_view slug,
                                   Programme const& wanted) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    return insert(tx, context, community.id, wanted);
}

result<PutProgramme> put_programme(Transaction& tx, Context const& context, std::string_view slug,
                                   Programme const& wanted) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    store::lock_row(tx, "community", community.id);
    for (std::optional<std::int64_t> after;;) {
        auto const some = store::list_programmes(tx, community.id, after, 50);
        for (auto const& programme : some) {
            after = programme.id;
            if (programme.title != wanted.title || programme.period != wanted.period) continue;
            if (same_content(programme, wanted)) return PutProgramme{programme, PutProgramme::Outcome::unchanged};
            return PutProgramme{update(tx, context, programme, wanted), PutProgramme::Outcome::changed};
        }
        if (some.size() < 50) break;
    }
    return PutProgramme{insert(tx, context, community.id, wanted), PutProgramme::Outcome::added};
}

result<Programme> change_programme(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id,
                                   std::optional<std::int64_t> expected_revision, Programme const& wanted) {
    CONVOKE_TRY(programme, programme_to_change(tx, context, slug, id));
    CONVOKE_CHECK(check_revision(expected_revision, programme.revision));
    if (same_content(programme, wanted)) return programme;
    return update(tx, context, std::move(programme), wanted);
}

result<void> remove_programme(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id,
                              std::optional<std::int64_t> expected_revision) {
    CONVOKE_TRY(programme, programme_to_change(tx, context, slug, id));
    CONVOKE_CHECK(check_revision(expected_revision, programme.revision));
    store::delete_programme(tx, programme.id);
    log(tx, context, "programme.remove", programme);
    return {};
}

result<Programme> find_programme(Transaction& tx, std::string_view slug, std::int64_t id) {
    CONVOKE_TRY(community, usecases::find_community(tx, slug));
    auto programme = store::find_programme(tx, id);
    if (!programme || programme->community_id != community.id) return no_such_programme();
    return *std::move(programme);
}

result<std::vector<Programme>> list_programmes(Transaction& tx, std::string_view slug, Page const& page) {
    CONVOKE_TRY(community, usecases::find_community(tx, slug));
    return store::list_programmes(tx, community.id, page.after, page.limit);
}

}  // namespace convoke::usecases
