#include "service/http/problem.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace convoke::http {

std::string to_json(Problem const& problem, std::string_view request_id) {
    boost::json::object document;
    document["type"] = "urn:convoke:problem:" + problem.code;
    document["title"] = problem.title.empty() ? std::string(reason_phrase(problem.status)) : problem.title;
    document["status"] = problem.status;
    document["detail"] = problem.detail;
    document["code"] = problem.code;
    if (!problem.errors.empty()) {
        boost::json::array errors;
        for (auto const& error : problem.errors) {
            boost::json::object row;
            row["pointer"] = error.pointer;
            row["code"] = error.code;
            row["detail"] = error.detail;
            errors.push_back(std::move(row));
        }
        document["errors"] = std::move(errors);
    }
    for (auto const& [name, value] : problem.members) {
        if (!document.contains(name)) document[name] = value;
    }
    for (auto const& [name, value] : problem.numbers) {
        if (!document.contains(name)) document[name] = value;
    }
    document["requestId"] = request_id;
    return boost::json::serialize(document);
}

Response to_response(Problem const& problem, std::string_view request_id) {
    auto response = Response::bytes("application/problem+json", to_json(problem, request_id), problem.status);
    for (auto const& [name, value] : problem.headers) response.headers.set(name, value);
    response.headers.set("Cache-Control", "no-store");
    return response;
}

}  // namespace convoke::http
