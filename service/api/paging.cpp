#include "service/api/paging.hpp"

#include "service/api/resource.hpp"
#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace convoke::api {

namespace {

constexpr std::size_t check_length = 4;

std::string check_of(std::string_view list, std::string_view id) {
    return core::base32_encode(core::sha256("cursor:" + std::string(list) + ":" + std::string(id))).substr(0, check_length);
}

std::optional<std::int64_t> id_in(std::string_view list, std::string_view cursor) {
    if (cursor.size() <= check_length) return std::nullopt;
    auto const id = cursor.substr(0, cursor.size() - check_length);
    if (cursor.substr(id.size()) != check_of(list, id)) return std::nullopt;
    return core::parse_id(id);
}

}  // namespace

std::string cursor_behind(std::string_view list, std::int64_t last_id) {
    std::string const id = core::format_id(last_id);
    return id + check_of(list, id);
}

result<PageRequest> page_request(http::Request const& request) {
    PageRequest page;
    page.list = request.path.starts_with(api_root) ? request.path.substr(api_root.size()) : request.path;
    if (auto const limit = request.query("limit")) {
        auto const [end, problem] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
        if (problem != std::errc() || end != limit->data() + limit->size() || page.limit < 1 || page.limit > most_items)
            return fault_at("/limit", errc::out_of_range, "limit must be a number from 1 to " + std::to_string(most_items));
    }
    if (auto const cursor = request.query("cursor")) {
        page.after = id_in(page.list, *cursor);
        if (!page.after) return fault_at("/cursor", errc::bad_request, "cursor must be what this list answered as \"next\"");
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

result<std::optional<std::int64_t>> event_query(http::Request const& request) {
    auto const event = request.query("event");
    if (!event) return std::optional<std::int64_t>();
    auto const id = core::parse_id(*event);
    if (!id) return Failure(errc::not_found, "there is no such event");
    return id;
}

result<std::optional<std::string>> state_query(http::Request const& request, std::initializer_list<std::string_view> states) {
    auto const state = request.query("state");
    if (!state) return std::optional<std::string>();
    if (std::find(states.begin(), states.end(), *state) != states.end()) return std::optional(std::string(*state));
    std::string known;
    for (auto const* one = states.begin(); one != states.end(); ++one)
        known += (one == states.begin() ? "" : one + 1 == states.end() ? " or " : ", ") + std::string(*one);
    return fault_at("/state", errc::invalid_value, known);
}

http::Response list_response(PageRequest const& page, boost::json::array items, std::optional<std::int64_t> last_id) {
    boost::json::object body;
    body["items"] = std::move(items);
    if (last_id) body["next"] = cursor_behind(page.list, *last_id);
    else body["next"] = nullptr;
    return http::Response::json(boost::json::serialize(body));
}

http::Response csv_response(std::string text, std::string_view file_name, std::string_view path, std::optional<std::int64_t> next) {
    auto response = http::Response::bytes("text/csv; charset=utf-8; header=present", std::move(text))
                        .with("Content-Disposition", "attachment; filename=\"" + std::string(file_name) + "\"")
                        .with("Vary", "Accept");
    if (next)
        response.headers.set("Link", "<" + std::string(api_root) + std::string(path) + "?cursor=" + cursor_behind(path, *next) + ">; rel=\"next\"");
    return response;
}

}  // namespace convoke::api
