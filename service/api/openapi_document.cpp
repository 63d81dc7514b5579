#include "service/api/openapi_document.hpp"

#include "embedded/openapi.hpp"
#include "service/api/openapi_operations.hpp"
#include "service/api/openapi_schemas.hpp"
#include "service/api/resource.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <set>
#include <stdexcept>

namespace convoke::api {

namespace json = boost::json;

namespace {

json::object const& piece_named(std::vector<std::pair<std::string, json::object>> const& pieces, std::string_view name) {
    for (auto const& [file, piece] : pieces)
        if (file == name) return piece;
    throw std::logic_error("the API's description has no piece " + std::string(name));
}

void add_members(json::object& target, json::object const& source) {
    for (auto const& member : source)
        if (!target.insert(member).second)
            throw std::logic_error("the API's description has twice: " + std::string(member.key()));
}

}  // namespace

json::object openapi_document(std::string_view base_url) {
    std::vector<std::pair<std::string, json::object>> pieces;
    for (embedded::File const& file : embedded::openapi()) pieces.emplace_back(file.name, json::parse(file.bytes).as_object());

    json::object document = piece_named(pieces, "base.json");
    document.at("info").as_object()["version"] = CONVOKE_VERSION;
    document["servers"] = json::array{json::object{{"url", std::string(base_url) + std::string(api_root)}}};
    json::object& components = document.at("components").as_object();
    for (auto const& [name, piece] : pieces) {
        if (name == "base.json") continue;
        for (json::value const& tag : piece.at("tags").as_array()) document.at("tags").as_array().push_back(tag);
        add_members(document.at("paths").as_object(), piece.at("paths").as_object());
        if (auto const* received = piece.if_contains("webhooks")) document["webhooks"] = *received;
        for (auto const& kind : piece.at("components").as_object())
            add_members(components.at(kind.key()).as_object(), kind.value().as_object());
    }
    derive_schemas(components);
    complete_operations(document);
    return document;
}

Differences differences(json::object const& document, http::Router const& router) {
    std::set<std::string> described, served;
    for (auto const& path : document.at("paths").as_object())
        for (auto const& operation : path.value().as_object()) {
            std::string method(operation.key());
            for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
            described.insert(method + ' ' + std::string(api_root) + std::string(path.key()));
        }
    for (http::Route const* route : router.routes())
        if (route->pattern.starts_with("/api/")) served.insert(std::string(name(route->method)) + ' ' + route->pattern);
    Differences out;
    std::set_difference(served.begin(), served.end(), described.begin(), described.end(), std::back_inserter(out.undescribed));
    std::set_difference(described.begin(), described.end(), served.begin(), served.end(), std::back_inserter(out.unserved));
    return out;
}

}  // namespace convoke::api
