#include "service/api/idempotency.hpp"

#include "service/api/failure_response.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace convoke::api {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_key = 255;

bool is_visible(char c) { return c > ' ' && c <= '~'; }

// Inside the quotation marks of a string; nullopt for what is none.
std::optional<std::string> unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
    text = text.substr(1, text.size() - 2);
    std::string key;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') return std::nullopt;
        if (text[i] == '\\' && (++i == text.size() || (text[i] != '"' && text[i] != '\\'))) return std::nullopt;
        key += text[i];
    }
    return key;
}

// Two fields may have been joined with a comma on the way, so a bare key has none.
std::optional<std::string> key_of(std::string_view field) {
    if (field.starts_with('"')) return unquoted(field);
    if (field.find_first_of("\",;") != std::string_view::npos) return std::nullopt;
    return std::string(field);
}

std::string email_of(std::string_view body) {
    json::error_code ec;
    auto const value = json::parse(json::string_view(body.data(), body.size()), ec);
    if (ec || !value.is_object()) return {};
    auto const* email = value.get_object().if_contains("email");
    return email && email->is_string() ? std::string(email->get_string()) : std::string();
}

}  // namespace

result<std::optional<std::string>> idempotency_key(http::Request const& request) {
    std::optional<std::string> none;
    if (request.method != http::Method::post) return none;
    auto const field = request.headers.joined("Idempotency-Key");
    if (!field) return none;
    auto key = key_of(*field);
    if (!key || key->empty() || key->size() > longest_key || !std::all_of(key->begin(), key->end(), is_visible))
        return Failure(errc::bad_request,
                       "Idempotency-Key must be one key of 1 to 255 visible ASCII characters, such as "
                       "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"");
    return key;
}

usecases::IdempotentRequest idempotent_request(usecases::Instance const& instance, http::Request const& request,
                                               std::string_view key) {
    std::string text(http::name(request.method));
    text += ' ';
    text += request.target;
    text += '\n';
    text += request.body;
    return usecases::idempotent_request(instance, key, text);
}

std::string stored_text(http::Response const& response) {
    std::string text = std::to_string(response.status) + "\n";
    for (auto const& [name, value] : response.headers) text += name + ": " + value + "\n";
    text += "\n";
    text += response.body();
    return text;
}

http::Response replayed(std::string_view stored) {
    auto const line = [&stored] {
        auto const end = stored.find('\n');
        if (end == std::string_view::npos) throw std::runtime_error("a stored reply is damaged");
        auto const text = stored.substr(0, end);
        stored.remove_prefix(end + 1);
        return text;
    };
    auto const status = line();
    http::Response response;
    std::from_chars(status.data(), status.data() + status.size(), response.status);
    for (auto field = line(); !field.empty(); field = line()) {
        auto const colon = field.find(": ");
        if (colon == std::string_view::npos) throw std::runtime_error("a stored reply is damaged");
        response.headers.add(field.substr(0, colon), field.substr(colon + 2));
    }
    response.set_body(std::string(stored));
    response.headers.set("Idempotent-Replayed", "true");
    return response;
}

std::string email_in(http::Request const& request, http::Response const& response) {
    auto email = email_of(response.body());
    return email.empty() ? email_of(request.body) : email;
}

bool is_final(Failure const& failure) {
    int const status = meaning_of(failure.code).status;
    return status < 500 && status != 401 && status != 429;
}

}  // namespace convoke::api
