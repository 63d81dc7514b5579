#include "notifications/rendering/catalogue.hpp"

#include <array>
#include <utility>

namespace convoke::rendering {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 34> names{{
    {"bg", "Bulgarian"}, {"cs", "Czech"},      {"da", "Danish"},     {"de", "German"},     {"el", "Greek"},
    {"en", "English"},   {"es", "Spanish"},    {"et", "Estonian"},   {"fi", "Finnish"},    {"fr", "French"},
    {"ga", "Irish"},     {"hr", "Croatian"},   {"hu", "Hungarian"},  {"it", "Italian"},    {"lt", "Lithuanian"},
    {"lv", "Latvian"},   {"mt", "Maltese"},    {"nl", "Dutch"},      {"pl", "Polish"},     {"pt", "Portuguese"},
    {"ro", "Romanian"},  {"sk", "Slovak"},     {"sl", "Slovenian"},  {"sv", "Swedish"},    {"ar", "Arabic"},
    {"ca", "Catalan"},   {"eu", "Basque"},     {"gl", "Galician"},   {"nb", "Norwegian"},  {"sq", "Albanian"},
    {"sr", "Serbian"},   {"tr", "Turkish"},    {"uk", "Ukrainian"},  {"sgn", "sign language"},
}};

}  // namespace

std::string language_name(Catalogue const& catalogue, std::string_view language, std::string_view tag) {
    const auto primary = tag.substr(0, tag.find('-'));
    for (auto const& [code, name] : names) {
        if (code == primary) return catalogue.translate(language, name);
    }
    return std::string(tag);
}

}  // namespace convoke::rendering
