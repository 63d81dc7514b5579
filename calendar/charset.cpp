#include "calendar/charset.hpp"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

namespace convoke::calendar {
namespace {

std::string plain_name(std::string_view charset) {
    std::string out;
    for (char c : charset.substr(0, 60)) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == ':' || c == '+') out += c;
    }
    return out;
}

}  // namespace

bool keeps_ascii(std::string_view charset) {
    std::string const name = plain_name(charset);
    for (std::string_view other : {"utf-16", "utf16", "ucs-2", "utf-32", "utf32", "ucs-4", "utf-7", "utf7", "iso-2022", "hz-"})
        if (name.starts_with(other)) return false;
    return true;
}

std::optional<std::string> decoded(std::string_view bytes, std::string_view charset) {
    std::string const name = plain_name(charset);
    if (name.empty()) return std::nullopt;
    UErrorCode status = U_ZERO_ERROR;
    // ICU takes what is not on its list for the default converter only when the name is null.
    std::unique_ptr<UConverter, void (*)(UConverter*)> const converter(ucnv_open(name.c_str(), &status), &ucnv_close);
    if (U_FAILURE(status) || !converter) return std::nullopt;
    icu::UnicodeString const text(bytes.data(), static_cast<std::int32_t>(std::min<std::size_t>(bytes.size(), 16u << 20)),
                                  converter.get(), status);
    if (U_FAILURE(status)) return std::nullopt;
    std::string out;
    text.toUTF8String(out);
    return out;
}

}  // namespace convoke::calendar
