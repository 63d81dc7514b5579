#include "service/http/etag.hpp"

#include "service/core/crypto.hpp"
#include "service/http/token.hpp"

#include <optional>
#include <stdexcept>
#include <vector>

namespace convoke::http {
namespace {

struct Tag {
    bool weak;
    std::string_view quoted;
};

bool is_etag_char(unsigned char c) { return c == 0x21 || (c >= 0x23 && c <= 0x7e) || c >= 0x80; }

// entity-tag *( "," entity-tag ), empty elements allowed; nullopt if malformed.
std::optional<std::vector<Tag>> parse_list(std::string_view text) {
    std::vector<Tag> tags;
    for (;;) {
        text = trim(text);
        while (!text.empty() && text.front() == ',') text = trim(text.substr(1));
        if (text.empty()) return tags;
        bool const weak = text.starts_with("W/");
        if (weak) text.remove_prefix(2);
        if (text.empty() || text.front() != '"') return std::nullopt;
        std::size_t end = 1;
        while (end < text.size() && is_etag_char(static_cast<unsigned char>(text[end]))) ++end;
        if (end == text.size() || text[end] != '"') return std::nullopt;
        tags.push_back({weak, text.substr(0, end + 1)});
        text = trim(text.substr(end + 1));
        if (!text.empty() && text.front() != ',') return std::nullopt;
    }
}

std::string_view without_weakness(std::string_view etag) { return etag.starts_with("W/") ? etag.substr(2) : etag; }

}  // namespace

std::string strong_etag(std::string_view bytes) {
    return '"' + core::hex_encode(core::sha256(bytes).substr(0, 16)) + '"';
}

std::string quoted_etag(std::string_view opaque) {
    for (unsigned char c : opaque) {
        if (!is_etag_char(c)) throw std::invalid_argument("an ETag cannot hold this character");
    }
    return '"' + std::string(opaque) + '"';
}

bool if_none_match(Request const& request, std::string_view etag) {
    auto const value = request.headers.joined("If-None-Match");
    if (!value) return false;
    if (trim(*value) == "*") return !etag.empty();
    auto const tags = parse_list(*value);
    if (!tags) return false;
    for (auto const& tag : *tags) {
        if (tag.quoted == without_weakness(etag)) return true;
    }
    return false;
}

IfMatch if_match(Request const& request, std::string_view etag) {
    auto const value = request.headers.joined("If-Match");
    if (!value) return IfMatch::absent;
    if (trim(*value) == "*") return etag.empty() ? IfMatch::stale : IfMatch::matches;
    auto const tags = parse_list(*value);
    if (!tags || tags->empty()) return IfMatch::malformed;
    if (etag.starts_with("W/")) return IfMatch::stale;
    for (auto const& tag : *tags) {
        if (!tag.weak && tag.quoted == etag) return IfMatch::matches;
    }
    return IfMatch::stale;
}

Response conditional(Request const& request, Response response, std::string_view etag) {
    response.headers.set("ETag", etag);
    bool const reads = request.method == Method::get || request.method == Method::head;
    if (!reads || response.status != 200 || !if_none_match(request, etag)) return response;
    // RFC 9110 §15.4.5: the fields a cache needs to refresh what it has.
    auto answer = Response::not_modified(etag);
    for (auto const& [name, value] : response.headers) {
        for (auto kept : {"Cache-Control", "Content-Location", "Expires", "Vary"}) {
            if (name == kept) answer.headers.add(name, value);
        }
    }
    return answer;
}

}  // namespace convoke::http
