#include "service/api/openapi_schemas.hpp"

#include <boost/json/array.hpp>

#include <stdexcept>
#include <string>

namespace convoke::api {

namespace json = boost::json;

namespace {

constexpr std::string_view schema_root = "#/components/schemas/";

class Derivation {
public:
    explicit Derivation(json::object& schemas) : schemas_(schemas) {}

    json::object extended(json::object schema) const {
        auto const base = take(schema, "x-extends");
        json::object properties = named(base).at("properties").as_object();
        for (auto const& own : schema.at("properties").as_object()) properties[own.key()] = own.value();
        schema["properties"] = std::move(properties);
        return schema;
    }

    json::object patch_of(json::object schema) const {
        json::object out = patched(named(take(schema, "x-patch-of")));
        out["description"] = "What is left out stays as it is; null takes away (RFC 7396).";
        if (auto const* more = schema.if_contains("properties"))
            for (auto const& own : more->as_object()) out["properties"].as_object()[own.key()] = own.value();
        if (auto const* required = schema.if_contains("required")) out["required"] = *required;
        return out;
    }

    json::object page_of(json::object schema) const {
        std::string const item = take(schema, "x-page-of");
        named(item);
        return {{"type", "object"},
                {"required", {"items", "next"}},
                {"properties",
                 {{"items", {{"type", "array"}, {"items", {{"$ref", std::string(schema_root) + item}}}}},
                  {"next", {{"$ref", std::string(schema_root) + "Cursor"}}}}},
                {"additionalProperties", false}};
    }

private:
    static std::string take(json::object& schema, std::string_view key) {
        std::string name(schema.at(key).as_string());
        schema.erase(key);
        return name;
    }

    json::object const& named(std::string const& name) const {
        auto const* found = schemas_.if_contains(name);
        if (!found) throw std::logic_error("the API's description has no schema " + name);
        return found->as_object();
    }

    // Objects are merged member by member, also below; everything else is replaced as a whole.
    json::object patched(json::object schema) const {
        if (auto const* reference = schema.if_contains("$ref")) {
            json::object const& target = named(std::string(reference->as_string().subview(schema_root.size())));
            if (!target.contains("properties")) return schema;
            json::object inner = patched(target);
            if (auto const* own = schema.if_contains("description")) inner["description"] = *own;
            return inner;
        }
        json::array required;
        if (auto const* list = schema.if_contains("required")) required = list->as_array();
        schema.erase("required");
        schema.erase("anyOf");
        if (auto* properties = schema.if_contains("properties"))
            for (auto& property : properties->as_object()) {
                bool const kept = std::find(required.begin(), required.end(), json::value(property.key())) != required.end();
                json::object inner = patched(property.value().as_object());
                inner.erase("default");
                property.value() = kept ? json::value(std::move(inner)) : nullable(std::move(inner));
            }
        if (auto* rest = schema.if_contains("additionalProperties"); rest && rest->is_object())
            *rest = nullable(patched(rest->as_object()));
        return schema;
    }

    static json::value nullable(json::object schema) {
        return json::object{{"anyOf", json::array{std::move(schema), json::object{{"type", "null"}}}}};
    }

    json::object& schemas_;
};

}  // namespace

void derive_schemas(json::object& components) {
    json::object& schemas = components.at("schemas").as_object();
    json::object& examples = components.at("examples").as_object();
    Derivation const derive(schemas);
    for (auto& member : schemas)
        if (member.value().as_object().contains("x-extends")) member.value() = derive.extended(member.value().as_object());
    for (auto& member : schemas) {
        json::object& schema = member.value().as_object();
        if (schema.contains("x-patch-of")) {
            member.value() = derive.patch_of(schema);
        } else if (auto const* item = schema.if_contains("x-page-of")) {
            auto const* example = examples.if_contains(item->as_string());
            if (!example) throw std::logic_error("the API's description has no example of " + std::string(item->as_string()));
            examples[member.key()] = {{"summary", "The only page"}, {"value", {{"items", {example->at("value")}}, {"next", nullptr}}}};
            member.value() = derive.page_of(schema);
        }
    }
}

}  // namespace convoke::api
