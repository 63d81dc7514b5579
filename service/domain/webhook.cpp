#include "service/domain/webhook.hpp"

#include "calendar/ascii.hpp"
#include "service/core/ids.hpp"
#include "service/core/public_address.hpp"
#include "service/domain/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace convoke::domain {

namespace {

constexpr std::size_t longest_url = 2000;
constexpr std::size_t shortest_secret = 16;
constexpr std::string_view everything = "*";

constexpr std::array<std::string_view, 15> known_events = {
    "event.created",          "event.published",      "event.changed",           "event.cancelled",
    "event.completed",        "registration.created", "registration.confirmed",  "registration.pending",
    "registration.offered",   "registration.waitlisted", "registration.declined", "registration.cancelled",
    "registration.attended",  "registration.absent",  "registration.changed",
};

Failure refused(std::string detail) { return Failure(errc::invalid_value, std::move(detail)); }

bool ends_with_label(std::string_view host, std::string_view label) {
    return host == label || (host.size() > label.size() && host.ends_with(label) && host[host.size() - label.size() - 1] == '.');
}

// Old ways to write an IPv4 address, which resolvers still understand: 2130706433, 0x7f.1, 017700000001.
bool looks_like_a_number(std::string_view host) {
    auto const last = host.substr(host.rfind('.') + 1);
    if (last.empty()) return true;
    if (last.starts_with("0x") || last.starts_with("0X")) return true;
    return std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

constexpr std::string_view not_public =
    "the receiver must be on the public internet: this is an address of a private network or of the machine itself "
    "(webhooks.allow_private permits it)";

result<std::string> host_in(boost::urls::url_view const& url, WebhookRules const& rules) {
    using boost::urls::host_type;
    std::string host = calendar::ascii_lower(url.host_address());
    switch (url.host_type()) {
        case host_type::ipv4:
            if (!rules.allow_private && !core::is_public_ipv4(url.host_ipv4_address().to_bytes())) return refused(std::string(not_public));
            return host;
        case host_type::ipv6:
            if (!rules.allow_private && !core::is_public_ipv6(url.host_ipv6_address().to_bytes())) return refused(std::string(not_public));
            return host;
        case host_type::name: break;
        default: return refused("the URL must name a host: https://hooks.example/convoke");
    }
    if (host.ends_with('.')) host.pop_back();  // the root's dot, which certificates do not have
    bool const plain = !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
    if (!plain) return refused("the host must be a name of letters, digits, hyphens and dots (other names in their xn-- form)");
    if (looks_like_a_number(host)) return refused("the host must be a name or an IP address in its usual form");
    for (std::string_view const inner : {"localhost", "local", "internal", "localdomain", "home.arpa", "intranet", "lan"})
        if (!rules.allow_private && ends_with_label(host, inner)) return refused(std::string(not_public));
    return host;
}

}  // namespace

std::span<std::string_view const> webhook_events() { return known_events; }

std::string_view webhook_event(RegistrationStatus status) {
    switch (status) {
        case RegistrationStatus::confirmed: return "registration.confirmed";
        case RegistrationStatus::pending: return "registration.pending";
        case RegistrationStatus::offered: return "registration.offered";
        case RegistrationStatus::waitlisted: return "registration.waitlisted";
        case RegistrationStatus::declined: return "registration.declined";
        case RegistrationStatus::cancelled: return "registration.cancelled";
        case RegistrationStatus::attended: return "registration.attended";
        case RegistrationStatus::absent: return "registration.absent";
        case RegistrationStatus::invited:
        case RegistrationStatus::held: break;
    }
    return {};
}

bool wants(Webhook const& hook, std::string_view event) {
    return std::any_of(hook.events.begin(), hook.events.end(), [&](std::string const& name) { return name == event || name == everything; });
}

result<WebhookTarget> parse_webhook_url(std::string_view text, WebhookRules const& rules) {
    if (text.size() > longest_url) return refused("at most " + std::to_string(longest_url) + " characters");
    auto const parsed = boost::urls::parse_uri(text);
    if (!parsed) return refused("must be a URL such as https://hooks.example/convoke");
    boost::urls::url_view const& url = *parsed;
    if (url.scheme_id() != boost::urls::scheme::https) return refused("must begin with https://");
    if (url.has_userinfo()) return refused("must not hold a user or password: deliveries are signed instead");
    if (url.has_fragment()) return refused("must not have a fragment (#…)");
    CONVOKE_TRY(host, host_in(url, rules));
    WebhookTarget target;
    target.host = std::move(host);
    target.port = url.has_port() && !url.port().empty() ? std::string(url.port()) : "443";
    if (std::find(rules.ports.begin(), rules.ports.end(), target.port) == rules.ports.end())
        return refused("port " + target.port + " is not allowed here (webhooks.ports)");
    std::string_view const path = url.encoded_path();
    target.target = path.empty() ? "/" : std::string(path);
    if (url.has_query()) target.target += "?" + std::string(std::string_view(url.encoded_query()));
    return target;
}

result<WebhookRequest> decode_webhook(boost::json::object const& json, WebhookRules const& rules) {
    Faults faults;
    JsonFields fields(json, "", faults);
    WebhookRequest wanted;
    auto const url = fields.text("url", {.required = true, .blank_allowed = false, .max_length = longest_url});
    if (url) {
        wanted.url = *url;
        if (auto const target = parse_webhook_url(*url, rules); !target) fields.fault("url", target.error().code, target.error().detail);
    }
    wanted.events = fields.texts("events", known_events.size() + 1);
    if (wanted.events.empty())
        fields.fault("events", errc::required, "at least one of the events, or [\"*\"] for all");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < wanted.events.size(); ++i) {
        std::string const& name = wanted.events[i];
        std::string const place = fields.at("events") + "/" + std::to_string(i);
        bool const known = name == everything || std::find(known_events.begin(), known_events.end(), name) != known_events.end();
        if (!known) {
            std::string list(everything);
            for (auto const one : known_events) list += ", " + std::string(one);
            faults.push_back({place, errc::invalid_value, "must be one of " + list});
        } else if (!seen.insert(name).second || (name == everything && wanted.events.size() > 1)) {
            faults.push_back({place, errc::invalid_value, "is covered by another one already"});
        }
    }
    wanted.secret = fields.text("secret", {.blank_allowed = false, .max_length = 200});
    if (wanted.secret) {
        bool const visible = std::all_of(wanted.secret->begin(), wanted.secret->end(), [](char c) { return c > ' ' && c < 0x7f; });
        if (!visible || wanted.secret->size() < shortest_secret)
            fields.fault("secret", errc::invalid_value,
                         "at least " + std::to_string(shortest_secret) + " visible ASCII characters; without one, a random secret is made");
    }
    wanted.paused = fields.one_of("state", {"active", "paused"}).value_or("active") == "paused";
    fields.finish();
    if (!faults.empty()) return Failure(std::move(faults));
    return wanted;
}

boost::json::object encode_webhook(Webhook const& hook) {
    boost::json::array events;
    for (auto const& name : hook.events) events.emplace_back(name);
    return {{"url", hook.url}, {"events", std::move(events)}, {"state", hook.paused ? "paused" : "active"}};
}

boost::json::object webhook_to_json(Webhook const& hook) {
    boost::json::object json{{"id", core::format_id(hook.id)}};
    for (auto const& member : encode_webhook(hook)) json.insert(member);
    if (!hook.paused && hook.failing_since) json["state"] = "failing";
    if (hook.failing_since) json["failingSince"] = calendar::format_instant(*hook.failing_since);
    if (!hook.reason.empty()) json["reason"] = hook.reason;
    json["created"] = calendar::format_instant(hook.created);
    json["updated"] = calendar::format_instant(hook.updated);
    return json;
}

}  // namespace convoke::domain
