// A QR code as the address of a picture (data:image/svg+xml): black modules on white with the quiet zone of four. Pure;
// any thread.
#pragma once

#include <string>

namespace convoke::web {

// For the src of an <img>, 220 pixels wide; "" where the text is too long for a code.
std::string qr_code_url(std::string const& text);

}  // namespace convoke::web
