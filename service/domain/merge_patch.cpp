#include "service/domain/merge_patch.hpp"

#include <boost/json/object.hpp>

namespace convoke::domain {

boost::json::value merge_patch(boost::json::value target, boost::json::value const& patch) {
    if (!patch.is_object()) return patch;
    if (!target.is_object()) target.emplace_object();
    boost::json::object& object = target.get_object();
    for (auto const& member : patch.get_object()) {
        if (member.value().is_null()) {
            object.erase(member.key());
        } else {
            boost::json::value& old = object[member.key()];
            old = merge_patch(std::move(old), member.value());
        }
    }
    return target;
}

}  // namespace convoke::domain
