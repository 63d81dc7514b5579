#include "service/api/paging.hpp"

#include "service/core/ids.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>

namespace convoke::api {

result<PageRequest> page_request(http::Request const& request) {
    PageRequest page;
    if (auto const limit = request.query("limit")) {
        auto const [end, problem] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
        if (problem != std::errc() || end != limit->data() + limit->size() || page.limit < 1 || page.limit > 500)
            return Failure(errc::out_of_range, "limit must be a number from 1 to 500");
    }
    if (auto const cursor = request.query("cursor")) {
        page.after = core::parse_id(*cursor);
        if (!page.after) return Failure(errc::bad_request, "cursor must be what a list answered as \"next\"");
    }
    return page;
}

result<void> check_query(http::Request const& request, std::initializer_list<std::string_view> known) {
    for (auto const& [name, value] : request.query().items()) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        std::string list;
        for (auto const word : known) list += (list.empty() ? "" : ", ") + std::string(word);
        return Failure(errc::unknown_field, "the query has a parameter that is not known here; known are: " + list);
    }
    return {};
}

http::Response list_response(boost::json::array items, std::optional<std::int64_t> last_id) {
    boost::json::object body;
    body["items"] = std::move(items);
    if (last_id) body["next"] = core::format_id(*last_id);
    else body["next"] = nullptr;
    return http::Response::json(boost::json::serialize(body));
}

}  // namespace convoke::api
