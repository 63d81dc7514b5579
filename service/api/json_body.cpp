#include "service/api/json_body.hpp"

#include "service/domain/merge_patch.hpp"
#include "service/http/url.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <set>

namespace convoke::api {
namespace {

namespace json = boost::json;

// json::parse keeps the last of two equal keys silently; this handler builds the same value and notices.
struct Handler {
    static constexpr std::size_t max_object_size = 10'000;
    static constexpr std::size_t max_array_size = 100'000;
    static constexpr std::size_t max_key_size = 1'000;
    static constexpr std::size_t max_string_size = 1 << 24;

    json::value_stack values;
    std::vector<std::set<std::string, std::less<>>> open_objects;
    std::string key;
    std::string duplicate;

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t n, json::error_code&) {
        values.push_array(n);
        return true;
    }
    bool on_object_begin(json::error_code&) {
        open_objects.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t n, json::error_code&) {
        open_objects.pop_back();
        values.push_object(n);
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        key += part;
        values.push_chars(part);
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
        key += part;
        values.push_key(part);
        if (!open_objects.back().insert(key).second) {
            duplicate = key;
            ec = json::error::exception;  // any will do: `duplicate` tells
            return false;
        }
        key.clear();
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        values.push_chars(part);
        return true;
    }
    bool on_string(json::string_view part, std::size_t, json::error_code&) {
        values.push_string(part);
        return true;
    }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
        values.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) {
        values.push_uint64(number);
        return true;
    }
    bool on_double(double number, json::string_view, json::error_code&) {
        values.push_double(number);
        return true;
    }
    bool on_bool(bool truth, json::error_code&) {
        values.push_bool(truth);
        return true;
    }
    bool on_null(json::error_code&) {
        values.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }
};

std::string place(std::string_view text, std::size_t at) {
    std::size_t line = 1, column = 1;
    for (char c : text.substr(0, at)) {
        if (c == '\n') {
            ++line;
            column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
            ++column;
        }
    }
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// The parser calls a leading surrogate without its other half a plain syntax error.
bool ends_with_leading_surrogate(std::string_view text) {
    if (text.ends_with('\\')) text.remove_suffix(1);
    if (text.size() < 6) return false;
    auto const tail = text.substr(text.size() - 6);
    return tail.starts_with("\\u") && (tail[2] == 'd' || tail[2] == 'D') &&
           std::string_view("89abAB").find(tail[3]) != std::string_view::npos;
}

Failure failure_of(json::error_code ec, Handler const& handler, std::string_view text, std::size_t at) {
    if (!handler.duplicate.empty() || ec == json::error::exception)
        return Failure(errc::json_duplicate_key, "the key \"" + handler.duplicate.substr(0, 100) +
                                                     "\" stands twice in one object (" + place(text, at) + ")");
    if (ec == json::error::too_deep)
        return Failure(errc::json_too_deep, "objects and arrays may be nested " + std::to_string(json_depth_limit) +
                                                " deep, not more (" + place(text, at) + ")");
    if (ec == json::error::illegal_leading_surrogate || ec == json::error::illegal_trailing_surrogate ||
        ec == json::error::expected_utf16_escape ||
        (ec == json::error::syntax && ends_with_leading_surrogate(text.substr(0, at))))
        return Failure(errc::bad_encoding, "half of a surrogate pair is no character (" + place(text, at) + ")");
    if (ec == json::error::exponent_overflow)
        return Failure(errc::out_of_range, "a number is larger than any that can be held (" + place(text, at) + ")");
    std::string const what = ec == json::error::incomplete   ? "the JSON ends too early"
                             : ec == json::error::extra_data ? "something stands behind the JSON"
                                                             : "this is not JSON (" + ec.message() + ")";
    return Failure(errc::json_syntax, what + ": " + place(text, at));
}

}  // namespace

result<json::object> parse_json_object(std::string_view text) {
    if (!http::is_utf8(text)) return Failure(errc::bad_encoding, "the body is not UTF-8");
    json::parse_options options;
    options.max_depth = json_depth_limit;
    json::basic_parser<Handler> parser(options);
    parser.handler().values.reset();
    json::error_code ec;
    std::size_t const read = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && read < text.size()) ec = json::error::extra_data;
    if (ec) return failure_of(ec, parser.handler(), text, read);
    json::value value = parser.handler().values.release();
    if (!value.is_object())
        return Failure(errc::wrong_type, "the body must be a JSON object: {\"name\": \"value\", …}");
    return std::move(value.get_object());
}

result<json::object> json_object(http::Request const& request) {
    std::string const type = request.content_type();
    bool const patch = request.method == http::Method::patch;
    if (type != "application/json" && !(patch && type == "application/merge-patch+json"))
        return Failure(errc::unsupported_media_type,
                       std::string("the body must be JSON: Content-Type: application/json") +
                           (patch ? " or application/merge-patch+json" : ""));
    return parse_json_object(request.body);
}

result<json::object> optional_json_object(http::Request const& request) {
    if (request.body.empty()) return json::object();
    return json_object(request);
}

json::object patched(json::object target, json::object const& patch) {
    return std::move(domain::merge_patch(std::move(target), patch).as_object());
}

}  // namespace convoke::api
