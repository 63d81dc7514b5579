#include "service/web/views/qr_code.hpp"

#include <qrcodegen/qrcodegen.hpp>

namespace convoke::web {

namespace {

constexpr int quiet_zone = 4;

std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text) switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    return out;
}

}  // namespace

std::string qr_code_svg(std::string const& text, std::string_view label) {
    constexpr std::size_t longest = 1000;
    if (text.size() > longest) return {};
    auto const code = qrcodegen::QrCode::encodeText(text.c_str(), qrcodegen::QrCode::Ecc::MEDIUM);
    std::string const size = std::to_string(code.getSize() + 2 * quiet_zone);
    std::string path;
    for (int y = 0; y < code.getSize(); ++y)
        for (int x = 0; x < code.getSize(); ++x)
            if (code.getModule(x, y)) path += "M" + std::to_string(x + quiet_zone) + "," + std::to_string(y + quiet_zone) + "h1v1h-1z";
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"" + escaped(label) + "\" viewBox=\"0 0 " + size + " " + size +
           "\" width=\"220\" height=\"220\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path fill=\"#000\" d=\"" +
           path + "\"/></svg>";
}

}  // namespace convoke::web
