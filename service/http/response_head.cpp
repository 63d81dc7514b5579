#include "service/http/response_head.hpp"

#include "service/http/framing_gate.hpp"

#include <array>
#include <cstdio>

namespace convoke::http {
namespace {

bool belongs_to_the_connection(std::string_view name) {
    for (std::string_view ours : {"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Date",
                                  "X-Request-Id", "Trailer", "Upgrade"}) {
        if (iequals(name, ours)) return true;
    }
    return false;
}

void put(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

// Date changes once a second; every thread keeps its own text.
std::string_view date_now() {
    thread_local std::chrono::sys_seconds last{};
    thread_local std::string text;
    auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (text.empty() || now != last) {
        text = http_date(now);
        last = now;
    }
    return text;
}

}  // namespace

std::string_view const content_security_policy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

std::string http_date(std::chrono::sys_seconds when) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = std::chrono::floor<std::chrono::days>(when);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const time(when - day);
    char text[40];
    std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                  months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text;
}

std::string response_head(Response const& response, WireOptions const& options) {
    std::string out;
    out.reserve(1024);
    out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    out.append(reason_phrase(response.status)).append("\r\n");
    put(out, "Date", date_now());
    for (auto const& [name, value] : response.headers) {
        if (!belongs_to_the_connection(name)) put(out, name, value);
    }
    auto const unless_set = [&](std::string_view name, std::string_view value) {
        if (!response.headers.has(name)) put(out, name, value);
    };
    unless_set("X-Content-Type-Options", "nosniff");
    unless_set("Referrer-Policy", "same-origin");
    unless_set("Cross-Origin-Opener-Policy", "same-origin");
    unless_set("Cross-Origin-Resource-Policy", "same-origin");
    if (response.headers.get("Content-Type").value_or("").starts_with("text/html")) {
        unless_set("Content-Security-Policy", content_security_policy);
    }
    if (options.secure) unless_set("Strict-Transport-Security", "max-age=63072000");
    if (!options.request_id.empty()) put(out, "X-Request-Id", options.request_id);
    if (response.status != 204 && response.status != 304) {
        put(out, "Content-Length", std::to_string(response.body().size()));
    }
    if (options.close) put(out, "Connection", "close");
    else if (options.http10) put(out, "Connection", "keep-alive");
    out.append("\r\n");
    return out;
}

}  // namespace convoke::http
