#include "service/api/openapi_operations.hpp"

#include "service/api/failure_response.hpp"

#include <boost/json/array.hpp>

#include <set>
#include <stdexcept>
#include <string>

namespace convoke::api {

namespace json = boost::json;

namespace {

constexpr std::string_view methods[]{"get", "put", "post", "patch", "delete"};

errc code_named(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(errc::internal); ++i)
        if (slug(static_cast<errc>(i)) == name) return static_cast<errc>(i);
    throw std::logic_error("the API's description names no code of ours: " + std::string(name));
}

json::object reference(std::string_view kind, std::string_view name) {
    return {{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}};
}

std::string camel(std::string_view name) {
    std::string out;
    bool upper = true;
    for (char c : name) {
        if (c == '_') {
            upper = true;
            continue;
        }
        out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        upper = false;
    }
    return out;
}

class Completion {
public:
    explicit Completion(json::object& document)
        : groups_(document.at("x-problems").as_object()), components_(document.at("components").as_object()) {
        components_["responses"] = json::object{
            {"NotModified",
             {{"description", "Nothing has changed since the version of If-None-Match."},
              {"headers", {{"ETag", reference("headers", "ETag")}, {"X-Request-Id", reference("headers", "RequestId")}}}}}};
    }

    void complete(std::string_view path, std::string_view method, json::object& operation, json::array const* of_path) {
        bool const guarded = !operation.contains("security");
        bool const body = operation.contains("requestBody");
        json::array parameters;
        if (auto const* own = operation.if_contains("parameters")) parameters = own->as_array();
        std::vector<std::string> sorts;
        if (guarded) sorts.push_back("always");
        if (guarded && method != "get") sorts.push_back("writing");
        if (path.find('{') != std::string_view::npos) sorts.push_back("path");
        if (has(parameters, "limit")) sorts.push_back("list");
        if (body) sorts.push_back("body");
        if (method == "post" || method == "patch") sorts.emplace_back(method);
        std::set<errc> codes;
        for (std::string const& sort : sorts) add_group(codes, sort);
        if (auto const* own = operation.if_contains("x-problems"))
            for (json::value const& name : own->as_array()) {
                std::string const text(name.as_string());
                if (text.starts_with('@')) add_group(codes, text);
                else codes.insert(code_named(text));
            }
        operation.erase("x-problems");

        if (method == "get") parameters.push_back(reference("parameters", "ifNoneMatch"));
        if (method == "patch") parameters.push_back(reference("parameters", "ifMatch"));
        if (method == "post")
            parameters.push_back(reference("parameters", "idempotencyKey"));
        if (of_path) parameters.insert(parameters.begin(), of_path->begin(), of_path->end());
        if (!parameters.empty()) operation["parameters"] = std::move(parameters);
        if (body) complete_request(method, operation.at("requestBody").as_object());
        json::object& responses = operation.at("responses").as_object();
        for (auto& member : responses) complete_response(method, member.key(), member.value().as_object());
        if (method == "get") responses["304"] = reference("responses", "NotModified");
        std::map<int, std::vector<errc>> by_status;
        for (errc const code : codes) by_status[meaning_of(code).status].push_back(code);
        for (auto const& [status, of_status] : by_status) responses[std::to_string(status)] = problem(status, of_status);
    }

    void complete_request(std::string_view method, json::object& request) const {
        std::string const schema(request.at("x-json").as_string());
        request.erase("x-json");
        if (!request.contains("required")) request["required"] = true;
        json::object content;
        if (method == "patch") content["application/merge-patch+json"] = content_of(schema);
        content["application/json"] = content_of(schema);
        request["content"] = std::move(content);
    }

private:
    static bool has(json::array const& parameters, std::string_view name) {
        return std::any_of(parameters.begin(), parameters.end(), [&](json::value const& one) {
            auto const* target = one.as_object().if_contains("$ref");
            return target && target->as_string().ends_with("/" + std::string(name));
        });
    }

    void add_group(std::set<errc>& codes, std::string_view name) const {
        if (auto const* group = groups_.if_contains(name))
            for (json::value const& code : group->as_array()) codes.insert(code_named(code.as_string()));
        else if (name.starts_with('@'))
            throw std::logic_error("the API's description has no group of problems " + std::string(name));
    }

    json::object content_of(std::string_view schema) const {
        if (!components_.at("schemas").as_object().contains(schema))
            throw std::logic_error("the API's description has no schema " + std::string(schema));
        json::object examples;
        for (auto const& example : components_.at("examples").as_object()) {
            std::string_view const name = example.key();
            if (name == schema || name.starts_with(std::string(schema) + "-")) examples[name] = reference("examples", name);
        }
        if (examples.empty()) throw std::logic_error("the API's description has no example of " + std::string(schema));
        return {{"schema", reference("schemas", schema)}, {"examples", std::move(examples)}};
    }

    void complete_response(std::string_view method, std::string_view status, json::object& response) const {
        json::object headers;
        if (status == "200" || status == "201") headers["ETag"] = reference("headers", "ETag");
        if (status == "201") headers["Location"] = reference("headers", "Location");
        headers["X-Request-Id"] = reference("headers", "RequestId");
        if (method == "post") headers["Idempotent-Replayed"] = reference("headers", "Replayed");
        if (auto const* own = response.if_contains("headers"))
            for (auto const& header : own->as_object()) headers[header.key()] = header.value();
        response["headers"] = std::move(headers);

        json::object content;
        if (auto const* schema = response.if_contains("x-json")) content["application/json"] = content_of(schema->as_string());
        response.erase("x-json");
        if (auto const* own = response.if_contains("content"))
            for (auto const& type : own->as_object()) {
                json::object media = type.value().as_object();
                auto const* target = media.at("schema").as_object().if_contains("$ref");
                if (target && !media.contains("examples"))
                    media = content_of(target->as_string().subview(target->as_string().rfind('/') + 1));
                content[type.key()] = std::move(media);
            }
        if (!content.empty()) response["content"] = std::move(content);
    }

    // One component for each set of codes; operations refer to it.
    json::object problem(int status, std::vector<errc> const& codes) {
        json::array names;
        std::string description, key;
        json::object examples;
        for (errc const code : codes) {
            std::string const name(slug(code));
            std::string const title(meaning_of(code).title);
            names.emplace_back(name);
            description += (description.empty() ? "`" : "; `") + name + "`: " + title;
            key += name + ' ';
            examples[name] = {{"value",
                               {{"type", "urn:convoke:problem:" + name}, {"title", title}, {"status", status}, {"detail", title + "."},
                                {"code", name}, {"requestId", "03m9xk2v7q1tz"}}}};
        }
        auto const known = names_.find(key);
        if (known != names_.end()) return reference("responses", known->second);

        std::string name;
        if (codes.size() <= 2)
            for (errc const code : codes) name += (name.empty() ? "" : "Or") + camel(slug(code));
        else
            name = "Problem" + std::to_string(status) + "_" + std::to_string(++numbered_[status]);
        names_[key] = name;
        json::object headers{{"X-Request-Id", reference("headers", "RequestId")}};
        if (status == 401) headers["WWW-Authenticate"] = reference("headers", "Challenge");
        if (status == 412) headers["ETag"] = reference("headers", "ETag");
        if (status == 429 || status == 503) headers["Retry-After"] = reference("headers", "RetryAfter");
        if (std::find(codes.begin(), codes.end(), errc::idempotency_in_progress) != codes.end())
            headers["Retry-After"] = reference("headers", "RetryAfterMaybe");
        components_.at("responses").as_object()[name] = {
            {"description", description + "."},
            {"headers", std::move(headers)},
            {"content",
             {{"application/problem+json",
               {{"schema",
                 {{"allOf", json::array{reference("schemas", "Problem"),
                                        json::object{{"properties", {{"status", {{"const", status}}}, {"code", {{"enum", std::move(names)}}}}}}}}}},
                {"examples", std::move(examples)}}}}}};
        return reference("responses", name);
    }

    json::object groups_;
    json::object& components_;
    std::map<std::string, std::string> names_;  // codes → component
    std::map<int, int> numbered_;
};

}  // namespace

void complete_operations(json::object& document) {
    Completion completion(document);
    for (auto& path : document.at("paths").as_object()) {
        json::object& item = path.value().as_object();
        json::array of_path;
        if (auto const* shared = item.if_contains("parameters")) of_path = shared->as_array();
        item.erase("parameters");
        for (std::string_view const method : methods)
            if (auto* operation = item.if_contains(method))
                completion.complete(path.key(), method, operation->as_object(), of_path.empty() ? nullptr : &of_path);
    }
    if (auto* received = document.if_contains("webhooks"))
        for (auto& webhook : received->as_object()) completion.complete_request("post", webhook.value().at("post").at("requestBody").as_object());
    document.erase("x-problems");
}

}  // namespace convoke::api
