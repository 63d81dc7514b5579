// What the document tests share: reading a sample, and dates in one word.
#pragma once

#include "calendar/zone.hpp"

#include <fstream>
#include <optional>
#include <sstream>
#include <string>

inline std::optional<std::string> file_text(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

inline std::string sample(std::string const& name) {
    auto text = file_text(std::string(CONVOKE_SOURCE_DIR "/tests/unit/domain/documents/samples/") + name);
    if (!text) throw std::runtime_error("no sample " + name);
    return *text;
}

inline std::string iso(convoke::calendar::local_days day) { return convoke::calendar::format_date(day); }
