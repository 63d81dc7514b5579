// Lists in parts: ?limit=&cursor= and {"items":[…],"next":…}. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"
#include "service/http/message.hpp"
#include "service/usecases/page.hpp"

#include <boost/json/array.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace convoke::api {

struct PageRequest {
    std::size_t limit = 50;
    std::optional<std::int64_t> after;

    // One more than asked for tells whether there is a next page.
    usecases::Page one_more() const { return {limit + 1, after}; }
};

// limit 1…500, else errc::out_of_range; a cursor that is none of ours is errc::bad_request.
result<PageRequest> page_request(http::Request const& request);

// Query parameters that nobody asks for are refused (errc::unknown_field), as fields of a body are.
result<void> check_query(http::Request const& request, std::initializer_list<std::string_view> known);

// "next" is null on the last page. `last_id`: of the last item, when there is a next page.
http::Response list_response(boost::json::array items, std::optional<std::int64_t> last_id);

// `items` came from one_more(); `encode` makes the JSON of one, whose `id` is the cursor.
template <class T, class Encode>
http::Response list_response(PageRequest const& page, std::vector<T> const& items, Encode encode) {
    bool const more = items.size() > page.limit;
    std::size_t const count = more ? page.limit : items.size();
    boost::json::array encoded;
    encoded.reserve(count);
    for (std::size_t i = 0; i < count; ++i) encoded.push_back(encode(items[i]));
    return list_response(std::move(encoded), more ? std::optional(items[count - 1].id) : std::nullopt);
}

}  // namespace convoke::api
