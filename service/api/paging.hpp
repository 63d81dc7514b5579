// Lists in parts: ?limit=&cursor= and {"items":[…],"next":…}. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"
#include "service/http/message.hpp"
#include "service/usecases/page.hpp"

#include <boost/json/array.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::api {

struct PageRequest {
    std::size_t limit = 50;
    std::optional<std::int64_t> after;
    std::string list;  // its path, behind the API's root

    // One more than asked for tells whether there is a next page.
    usecases::Page one_more() const { return {limit + 1, after}; }
};

inline constexpr std::size_t most_items = 200;

// limit 1…200, else errc::out_of_range; a cursor that this list did not answer, or that lost a character on its way, is
// errc::bad_request.
result<PageRequest> page_request(http::Request const& request);

// The place behind an item of a list, opaque to callers: its id, and a check of it and of the list's path (behind the
// API's root).
std::string cursor_behind(std::string_view list, std::int64_t last_id);

// Query parameters that nobody asks for are refused (errc::unknown_field), as fields of a body are.
result<void> check_query(http::Request const& request, std::initializer_list<std::string_view> known);

// ?event=ID of lists about one event; errc::not_found for what cannot be an id.
result<std::optional<std::int64_t>> event_query(http::Request const& request);

// ?state=WORD of lists whose rows have one of these; errc::invalid_value for any other.
result<std::optional<std::string>> state_query(http::Request const& request, std::initializer_list<std::string_view> states);

// "next" is null on the last page. `last_id`: of the last item, when there is a next page.
http::Response list_response(PageRequest const& page, boost::json::array items, std::optional<std::int64_t> last_id);

// `items` came from one_more(); `encode` makes the JSON of one, whose `id` is the cursor.
template <class T, class Encode>
http::Response list_response(PageRequest const& page, std::vector<T> const& items, Encode encode) {
    bool const more = items.size() > page.limit;
    std::size_t const count = more ? page.limit : items.size();
    boost::json::array encoded;
    encoded.reserve(count);
    for (std::size_t i = 0; i < count; ++i) encoded.push_back(encode(items[i]));
    return list_response(page, std::move(encoded), more ? std::optional(items[count - 1].id) : std::nullopt);
}

// A list as CSV comes in one piece, so that a spreadsheet can open it, up to this many rows: about 10 MB. Longer ones say
// where they go on: Link: <…?cursor=…>; rel="next" (RFC 8288).
inline constexpr std::size_t csv_rows = 20'000;

// `path` begins behind the API's root; `next` as cut_to_csv() answers it.
http::Response csv_response(std::string text, std::string_view file_name, std::string_view path, std::optional<std::int64_t> next);

// Of csv_rows + 1 items the last one only tells that there are more: takes it off and answers the cursor's id.
template <class T>
std::optional<std::int64_t> cut_to_csv(std::vector<T>& items) {
    if (items.size() <= csv_rows) return std::nullopt;
    items.resize(csv_rows);
    return items.back().id;
}

}  // namespace convoke::api
