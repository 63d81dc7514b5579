// A QR code as inline SVG, for {{{…}}} in a template: black modules on white with the quiet zone of four. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace convoke::web {

// `label`: what a screen reader says instead. "" where the text is too long for a code.
std::string qr_code_svg(std::string const& text, std::string_view label);

}  // namespace convoke::web
