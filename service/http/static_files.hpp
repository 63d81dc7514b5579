// Serves files that are compiled into the program (see service/core/embed.py), with validators and gzip.
#pragma once

#include "service/http/message.hpp"
#include "service/http/router.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace convoke::http {

// Fill it, then register handler(); afterwards read-only and used from all threads. Copies share their files.
class StaticFiles {
public:
    // `prefix`: where they are served, e.g. "/static".
    explicit StaticFiles(std::string prefix);

    // `bytes` must live as long as the files are served. Throws std::invalid_argument for a name there is already.
    void add(std::string_view name, std::string_view bytes);

    // A table of embedded files: anything with `name` and `bytes`.
    template <class File>
    void add_all(std::span<File const> files) {
        for (auto const& file : files) add(file.name, file.bytes);
    }

    // The path with the content's hash ("/static/site.css?v=…"), for pages: cached for a year. Throws std::out_of_range
    // for a file there is not.
    std::string url(std::string_view name) const;

    // The answer for a name below the prefix; 404 as nullopt.
    std::optional<Response> serve(Request const& request, std::string_view name) const;

    // GET prefix/{file...}
    Route route() const;

private:
    struct Files;
    std::shared_ptr<Files> files_;
};

}  // namespace convoke::http
