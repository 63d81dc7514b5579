#include "service/web/views/qr_code.hpp"

#include <qrcodegen/qrcodegen.hpp>

#include <string_view>

namespace convoke::web {

namespace {

constexpr int quiet_zone = 4;

// What SVG needs and an address may not hold (RFC 3986 §2.1).
std::string percent_encoded(std::string_view svg) {
    std::string out;
    for (char const c : svg) switch (c) {
            case '<': out += "%3C"; break;
            case '>': out += "%3E"; break;
            case '"': out += "%22"; break;
            case '#': out += "%23"; break;
            case '%': out += "%25"; break;
            case ' ': out += "%20"; break;
            default: out += c;
        }
    return out;
}

}  // namespace

std::string qr_code_url(std::string const& text) {
    constexpr std::size_t longest = 1000;
    if (text.size() > longest) return {};
    auto const code = qrcodegen::QrCode::encodeText(text.c_str(), qrcodegen::QrCode::Ecc::MEDIUM);
    std::string const size = std::to_string(code.getSize() + 2 * quiet_zone);
    std::string path;
    for (int y = 0; y < code.getSize(); ++y)
        for (int x = 0; x < code.getSize(); ++x)
            if (code.getModule(x, y)) path += "M" + std::to_string(x + quiet_zone) + "," + std::to_string(y + quiet_zone) + "h1v1h-1z";
    return "data:image/svg+xml," +
           percent_encoded("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + " " + size +
                           "\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path fill=\"#000\" d=\"" + path + "\"/></svg>");
}

}  // namespace convoke::web
