#include "service/http/compression.hpp"

#include "service/http/framing_gate.hpp"
#include "service/http/token.hpp"

#include <zlib.h>

#include <stdexcept>

namespace convoke::http {
namespace {

// True unless the parameters say q=0 (also q=0.000).
bool wanted(std::string_view parameters) {
    while (!parameters.empty()) {
        auto const end = std::min(parameters.find(';'), parameters.size());
        auto const parameter = trim(parameters.substr(0, end));
        parameters.remove_prefix(std::min(end + 1, parameters.size()));
        if (parameter.size() < 2 || ascii_lower(parameter[0]) != 'q' || parameter[1] != '=') continue;
        return parameter.find_first_of("123456789") != std::string_view::npos;
    }
    return true;
}

}  // namespace

std::string gzip(std::string_view bytes, int level) {
    z_stream stream{};
    constexpr int gzip_format = 16;
    if (deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + gzip_format, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("zlib cannot start");
    }
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    int const done = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (done != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
    return out;
}

bool accepts_gzip(Request const& request) {
    auto const value = request.headers.joined("Accept-Encoding");
    if (!value) return false;
    std::optional<bool> named;
    std::optional<bool> any;
    for_each_element(*value, [&](std::string_view element) {
        auto const semicolon = std::min(element.find(';'), element.size());
        auto const coding = trim(element.substr(0, semicolon));
        bool const yes = wanted(element.substr(semicolon));
        if (iequals(coding, "gzip") || iequals(coding, "x-gzip")) named = yes;
        if (coding == "*") any = yes;
    });
    return named.value_or(any.value_or(false));
}

}  // namespace convoke::http
