#include "service/http/compression.hpp"
#include "service/http/static_files.hpp"

#include <catch2/catch.hpp>

#include <zlib.h>

#include <array>
#include <stdexcept>

using namespace convoke::http;

namespace {

struct File { std::string_view name, bytes; };

std::string const style(5000, 'a');

StaticFiles files() {
    static std::string const picture(5000, '\1');
    static std::array const all{File{"site.css", style}, File{"img/logo.png", picture}, File{"tiny.css", "a{}"}};
    StaticFiles made("/static");
    made.add_all(std::span<File const>(all));
    return made;
}

Request get(std::string target, char const* name = nullptr, std::string const& value = "") {
    Request request(Method::get, std::move(target));
    if (name) request.headers.set(name, value);
    return request;
}

std::string gunzip(std::string_view bytes) {
    z_stream stream{};
    inflateInit2(&stream, MAX_WBITS + 16);
    std::string out(1 << 20, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    auto const done = inflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return done == Z_STREAM_END ? out : "broken";
}

}  // namespace

TEST_CASE("gzip is a function of the bytes", "[http][static]") {
    CHECK(gunzip(gzip(style)) == style);
    CHECK(gunzip(gzip("")) == "");
    CHECK(gzip(style) == gzip(style));
    CHECK(gzip(style).size() < 200);
}

TEST_CASE("Accept-Encoding", "[http][static]") {
    auto const accepts = [](std::string const& value) { return accepts_gzip(get("/", "Accept-Encoding", value)); };
    for (auto yes : {"gzip", "GZIP", "br, gzip", "gzip;q=0.5", "*", "deflate, gzip ;q=1.0", "x-gzip", "gzip;q=0.001"}) CHECK(accepts(yes));
    for (auto no : {"", "identity", "gzip;q=0", "gzip; q=0.000", "*;q=0", "br", "gzip;q=0, *", "gzipped"}) {
        INFO(no);
        CHECK_FALSE(accepts(no));
    }
    CHECK_FALSE(accepts_gzip(get("/")));
}

TEST_CASE("files come with type, validator and, where it helps, gzip", "[http][static]") {
    auto const made = files();
    auto const plain = *made.serve(get("/"), "site.css");
    CHECK(plain.body() == style);
    CHECK(plain.headers.get("Content-Type") == "text/css; charset=utf-8");
    CHECK(plain.headers.get("Vary") == "Accept-Encoding");
    auto const packed = *made.serve(get("/", "Accept-Encoding", "gzip"), "site.css");
    CHECK(packed.headers.get("Content-Encoding") == "gzip");
    CHECK(gunzip(packed.body()) == style);
    CHECK(packed.headers.get("ETag") != plain.headers.get("ETag"));
    CHECK(made.serve(get("/", "Accept-Encoding", "gzip"), "site.css")->shared_body() == packed.shared_body());  // made once
    auto const picture = *made.serve(get("/", "Accept-Encoding", "gzip"), "img/logo.png");
    CHECK(picture.headers.get("Content-Type") == "image/png");
    CHECK_FALSE(picture.headers.has("Content-Encoding"));
    CHECK_FALSE(made.serve(get("/", "Accept-Encoding", "gzip"), "tiny.css")->headers.has("Content-Encoding"));
    auto const etag = std::string(*plain.headers.get("ETag"));
    CHECK(made.serve(get("/", "If-None-Match", etag), "site.css")->status == 304);
    CHECK_FALSE(made.serve(get("/"), "../site.css"));
    CHECK_FALSE(made.serve(get("/"), "none.css"));
}

TEST_CASE("only the address with the right hash is cached for ever", "[http][static]") {
    auto const made = files();
    auto const url = made.url("site.css");
    CHECK(url.starts_with("/static/site.css?v="));
    CHECK(made.serve(get(url), "site.css")->headers.get("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(made.serve(get("/static/site.css?v=old"), "site.css")->headers.get("Cache-Control") == "public, max-age=600");
    CHECK(made.serve(get("/static/site.css"), "site.css")->headers.get("Cache-Control") == "public, max-age=600");
    CHECK_THROWS_AS(made.url("none.css"), std::out_of_range);
    CHECK_THROWS_AS(files().add("site.css", ""), std::invalid_argument);
}

TEST_CASE("the route serves them below the prefix", "[http][static]") {
    Router router;
    auto route = files().route();
    router.add(route.method, route.pattern, route.handler, route.options);
    Request request(Method::get, "/static/img/logo.png");
    REQUIRE(router.match(request).route);
    CHECK(request.param("file") == "img/logo.png");
}
