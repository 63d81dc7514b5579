#include "service/http/framing_gate.hpp"

#include "service/http/message.hpp"
#include "service/http/token.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <array>

namespace convoke::http {
namespace {

using HeadFields = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr std::string_view all_methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

Problem bad(std::string detail) { return Problem(400, "bad_request", std::move(detail)); }

Problem method_refused(std::string_view method) {
    bool const known = method == "TRACE" || method == "CONNECT";
    Problem problem(known ? 405 : 501, "method_not_allowed",
                    "This server answers " + std::string(all_methods) + " only.");
    problem.headers["Allow"] = all_methods;
    return problem;
}

// "METHOD SP target SP HTTP/1.x", one space each (RFC 9112 §3).
std::optional<Problem> read_request_line(std::string_view line, GateLimits const& limits, Head& head) {
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return bad("The request line is not METHOD TARGET HTTP/1.1.");
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, last - first - 1);
    auto const version = line.substr(last + 1);
    if (!is_token(head.method)) return bad("The method is not a word.");
    if (version.size() != 8 || !version.starts_with("HTTP/")) return bad("The request line has no HTTP version.");
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return Problem(505, "bad_request", "This server speaks HTTP/1.1 and HTTP/1.0.");
    }
    head.minor_version = version == "HTTP/1.1" ? 1 : 0;
    if (head.target.size() > limits.target_bytes) {
        return Problem(414, "bad_request",
                       "The address is longer than " + std::to_string(limits.target_bytes) + " bytes.");
    }
    for (unsigned char c : head.target) {
        if (c <= 0x20 || c >= 0x7f) return bad("The address holds a byte that must be percent-encoded.");
        if (c == '#') return bad("The address holds a fragment.");
    }
    return std::nullopt;
}

std::optional<Problem> read_field(std::string_view line, HeadFields& fields) {
    if (line.front() == ' ' || line.front() == '\t') return bad("A header field is folded over several lines.");
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) return bad("A header line has no colon.");
    if (!is_token(line.substr(0, colon))) return bad("The name of a header field is not a word (no space before the colon).");
    auto const value = trim(line.substr(colon + 1));
    for (unsigned char c : value) {
        if ((c < 0x20 && c != '\t') || c == 0x7f) return bad("A header field holds a control character.");
    }
    fields.emplace_back(line.substr(0, colon), value);
    return std::nullopt;
}

// RFC 9112 §6.1–6.3: exactly one way to know where the body ends.
std::optional<Problem> check_framing(Head const& head) {
    std::vector<std::string_view> lengths, codings;
    for (auto const& [name, value] : head.fields) {
        if (iequals(name, "Content-Length")) lengths.push_back(value);
        if (iequals(name, "Transfer-Encoding")) codings.push_back(value);
    }
    if (!codings.empty()) {
        if (!lengths.empty()) return bad("Content-Length and Transfer-Encoding exclude each other.");
        if (head.minor_version == 0) return bad("HTTP/1.0 has no Transfer-Encoding.");
        if (codings.size() > 1) return bad("Transfer-Encoding occurs twice.");
        if (!iequals(codings.front(), "chunked")) {
            return Problem(501, "bad_request", "The only transfer coding this server reads is chunked.");
        }
    }
    if (lengths.size() > 1) return bad("Content-Length occurs twice.");
    if (lengths.size() == 1) {
        auto const digits = lengths.front();
        bool const number = !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!number) return bad("Content-Length is not a number.");
        if (digits.size() > 18) return bad("Content-Length is out of range.");
    }
    return std::nullopt;
}

std::optional<Problem> check_host(Head const& head) {
    std::vector<std::string_view> hosts;
    for (auto const& [name, value] : head.fields) {
        if (iequals(name, "Host")) hosts.push_back(value);
    }
    if (hosts.size() > 1) return bad("Host occurs twice.");
    if (hosts.empty()) {
        if (head.minor_version == 0) return std::nullopt;
        return bad("Host is missing.");
    }
    auto const host = host_without_port(hosts.front());
    if (!host) return bad("Host is not a host name.");

    if (head.target.starts_with('/')) return std::nullopt;
    if (head.target == "*" && head.method == "OPTIONS") return std::nullopt;
    for (std::string_view scheme : {"http://", "https://"}) {
        if (head.target.size() < scheme.size() || !iequals(head.target.substr(0, scheme.size()), scheme)) continue;
        auto const rest = head.target.substr(scheme.size());
        auto const authority = rest.substr(0, rest.find_first_of("/?"));
        if (!iequals(authority, hosts.front())) return bad("The address names another host than Host does.");
        return std::nullopt;
    }
    return bad("The address must begin with a slash.");
}

}  // namespace

bool iequals(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

std::optional<std::string> host_without_port(std::string_view host) {
    auto name = host;
    std::string_view port;
    if (host.starts_with('[')) {
        auto const end = host.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        name = host.substr(0, end + 1);
        port = host.substr(end + 1);
        boost::system::error_code error;
        boost::asio::ip::make_address_v6(std::string(host.substr(1, end - 1)), error);
        if (error) return std::nullopt;
    } else {
        auto const colon = std::min(host.find(':'), host.size());
        name = host.substr(0, colon);
        port = host.substr(colon);
        if (name.empty() || name.size() > 253) return std::nullopt;
        for (char c : name) {
            bool const fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                              c == '.' || c == '_';
            if (!fine) return std::nullopt;
        }
    }
    if (!port.empty()) {
        if (port.size() > 6 || port.front() != ':') return std::nullopt;
        if (!std::all_of(port.begin() + 1, port.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    }
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
    return lower;
}

HeadScan find_head_end(std::string_view received, GateLimits const& limits) {
    HeadScan scan;
    // A target longer than allowed is told apart from a head that is too long, as far as it is visible.
    auto const too_long = [&]() -> Problem {
        auto const line = received.substr(0, received.find('\r'));
        if (line.size() > limits.target_bytes + 32) {
            return Problem(414, "bad_request", "The address is longer than " + std::to_string(limits.target_bytes) + " bytes.");
        }
        return Problem(431, "bad_request", "The header is longer than " + std::to_string(limits.head_bytes) + " bytes.");
    };
    for (std::size_t i = 0; i < received.size(); ++i) {
        if (i >= limits.head_bytes) {
            scan.problem = too_long();
            return scan;
        }
        switch (received[i]) {
            case '\0':
                scan.problem = bad("The header holds a NUL.");
                return scan;
            case '\n':
                if (i == 0 || received[i - 1] != '\r') {
                    scan.problem = bad("A line of the header ends without CR.");
                    return scan;
                }
                if (i >= 3 && received[i - 2] == '\n') {
                    scan.length = i + 1;
                    return scan;
                }
                break;
            case '\r':
                if (i + 1 < received.size() && received[i + 1] != '\n') {
                    scan.problem = bad("The header holds a lone CR.");
                    return scan;
                }
                break;
            default: break;
        }
    }
    return scan;
}

GateResult check_head(std::string_view text, GateLimits const& limits) {
    GateResult result;
    auto& head = result.head;
    if (text.size() > limits.head_bytes) {
        result.problem = Problem(431, "bad_request", "The header is longer than " + std::to_string(limits.head_bytes) + " bytes.");
        return result;
    }
    bool first = true;
    while (!text.empty()) {
        auto const end = text.find("\r\n");
        if (end == std::string_view::npos) {
            result.problem = bad("The header does not end.");
            return result;
        }
        auto const line = text.substr(0, end);
        text.remove_prefix(end + 2);
        if (line.empty() && !first) break;
        if (first) {
            result.problem = read_request_line(line, limits, head);
            first = false;
        } else if (head.fields.size() == limits.fields) {
            result.problem = Problem(431, "bad_request", "There are more than " + std::to_string(limits.fields) + " header fields.");
        } else {
            result.problem = read_field(line, head.fields);
        }
        if (result.problem) return result;
    }
    if (!parse_method(head.method)) result.problem = method_refused(head.method);
    if (!result.problem) result.problem = check_framing(head);
    if (!result.problem) result.problem = check_host(head);
    return result;
}

}  // namespace convoke::http
