#include "service/http/static_files.hpp"

#include "service/core/crypto.hpp"
#include "service/http/compression.hpp"
#include "service/http/etag.hpp"

#include <array>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace convoke::http {
namespace {

struct MediaType {
    std::string_view extension, type;
    bool compress;
};

constexpr std::array media_types{
    MediaType{".css", "text/css; charset=utf-8", true},
    MediaType{".js", "text/javascript; charset=utf-8", true},
    MediaType{".mjs", "text/javascript; charset=utf-8", true},
    MediaType{".map", "application/json", true},
    MediaType{".json", "application/json", true},
    MediaType{".webmanifest", "application/manifest+json", true},
    MediaType{".html", "text/html; charset=utf-8", true},
    MediaType{".txt", "text/plain; charset=utf-8", true},
    MediaType{".svg", "image/svg+xml", true},
    MediaType{".png", "image/png", false},
    MediaType{".jpg", "image/jpeg", false},
    MediaType{".webp", "image/webp", false},
    MediaType{".ico", "image/x-icon", true},
    MediaType{".woff2", "font/woff2", false},
    MediaType{".woff", "font/woff", false},
    MediaType{".ttf", "font/ttf", true},
};

MediaType media_type(std::string_view name) {
    for (auto const& row : media_types) {
        if (name.ends_with(row.extension)) return row;
    }
    return {"", "application/octet-stream", false};
}

struct File {
    std::string_view bytes;
    std::string hash, etag;
    MediaType type;
    std::once_flag made;
    std::shared_ptr<std::string const> plain, packed;  // packed stays null where it would not be smaller
};

}  // namespace

struct StaticFiles::Files {
    std::string prefix;
    std::map<std::string, File, std::less<>> by_name;
};

StaticFiles::StaticFiles(std::string prefix) : files_(std::make_shared<Files>()) { files_->prefix = std::move(prefix); }

void StaticFiles::add(std::string_view name, std::string_view bytes) {
    auto const [place, added] = files_->by_name.try_emplace(std::string(name));
    if (!added) throw std::invalid_argument("static file twice: " + std::string(name));
    auto& file = place->second;
    file.bytes = bytes;
    file.hash = core::hex_encode(core::sha256(bytes).substr(0, 8));
    file.etag = '"' + file.hash + '"';
    file.type = media_type(name);
}

std::string StaticFiles::url(std::string_view name) const {
    auto const found = files_->by_name.find(name);
    if (found == files_->by_name.end()) throw std::out_of_range("no static file " + std::string(name));
    return files_->prefix + '/' + found->first + "?v=" + found->second.hash;
}

std::optional<Response> StaticFiles::serve(Request const& request, std::string_view name) const {
    auto const found = files_->by_name.find(name);
    if (found == files_->by_name.end()) return std::nullopt;
    auto& file = found->second;
    std::call_once(file.made, [&file] {
        file.plain = std::make_shared<std::string const>(file.bytes);
        if (!file.type.compress || file.bytes.size() < 256) return;
        auto packed = gzip(file.bytes, 9);
        if (packed.size() < file.bytes.size()) file.packed = std::make_shared<std::string const>(std::move(packed));
    });

    bool const packed = file.packed && accepts_gzip(request);
    auto response = Response::bytes(file.type.type, packed ? file.packed : file.plain);
    if (packed) response.headers.set("Content-Encoding", "gzip");
    if (file.packed) response.headers.set("Vary", "Accept-Encoding");
    bool const versioned = request.query("v") == std::string_view(file.hash);
    response.headers.set("Cache-Control",
                         versioned ? "public, max-age=31536000, immutable" : "public, max-age=600");
    // Two representations, two validators (RFC 9110 §8.8.3.3).
    return conditional(request, std::move(response), packed ? '"' + file.hash + "-gz\"" : file.etag);
}

Route StaticFiles::route() const {
    auto handler = [files = *this](Request& request) {
        if (auto response = files.serve(request, request.param("file"))) return *std::move(response);
        return Response::text("There is no such file.\n", 404);
    };
    return {Method::get, files_->prefix + "/{file...}", immediate(std::move(handler)), {}};
}

}  // namespace convoke::http
