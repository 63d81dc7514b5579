#include "service/domain/language.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <array>

namespace convoke::domain {
namespace {

constexpr auto official = std::to_array<Language>({
    {"bg", "Bulgarian", "български"}, {"cs", "Czech", "čeština"}, {"da", "Danish", "dansk"},
    {"de", "German", "Deutsch"}, {"el", "Greek", "ελληνικά"}, {"en", "English", "English"},
    {"es", "Spanish", "español"}, {"et", "Estonian", "eesti"}, {"fi", "Finnish", "suomi"},
    {"fr", "French", "français"}, {"ga", "Irish", "Gaeilge"}, {"hr", "Croatian", "hrvatski"},
    {"hu", "Hungarian", "magyar"}, {"it", "Italian", "italiano"}, {"lt", "Lithuanian", "lietuvių"},
    {"lv", "Latvian", "latviešu"}, {"mt", "Maltese", "Malti"}, {"nl", "Dutch", "Nederlands"},
    {"pl", "Polish", "polski"}, {"pt", "Portuguese", "português"}, {"ro", "Romanian", "română"},
    {"sk", "Slovak", "slovenčina"}, {"sl", "Slovenian", "slovenščina"}, {"sv", "Swedish", "svenska"},
});
static_assert(official.size() == 24);

bool alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool alphanumeric(char c) { return alpha(c) || digit(c); }

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
    return !text.empty() && std::all_of(text.begin(), text.end(), predicate);
}

std::string cased(std::string_view text, bool upper) {
    std::string out(text);
    for (char& c : out) {
        if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::vector<std::string_view> subtags(std::string_view tag) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at <= tag.size();) {
        std::size_t const dash = std::min(tag.find('-', at), tag.size());
        out.push_back(tag.substr(at, dash - at));
        at = dash + 1;
    }
    return out;
}

std::string primary(std::string_view tag) { return cased(tag.substr(0, tag.find('-')), false); }

bool known(std::string const& language) {
    icu::Locale const locale(language.c_str());
    char const* three = locale.getISO3Language();
    return three && *three;
}

}  // namespace

std::span<Language const> official_languages() { return official; }

std::string language_name(std::string_view tag) {
    std::string const language = primary(tag);
    for (Language const& each : official)
        if (each.tag == language) return std::string(each.name);
    if (!is_language_tag(tag) || !known(language)) return {};
    icu::UnicodeString name;
    icu::Locale(language.c_str()).getDisplayLanguage(icu::Locale::getEnglish(), name);
    std::string out;
    name.toUTF8String(out);
    return out;
}

bool is_language_tag(std::string_view tag) {
    if (tag.size() > 35) return false;
    auto const parts = subtags(tag);
    for (std::string_view part : parts)
        if (part.size() > 8 || !all(part, alphanumeric)) return false;
    std::size_t i = 0;
    if (!all(parts[0], alpha) || parts[0].size() < 2) return false;
    bool const short_language = parts[0].size() <= 3;
    ++i;
    for (int extended = 0; short_language && extended < 3 && i < parts.size() && parts[i].size() == 3 && all(parts[i], alpha); ++extended) ++i;
    if (i < parts.size() && parts[i].size() == 4 && all(parts[i], alpha)) ++i;
    if (i < parts.size() && ((parts[i].size() == 2 && all(parts[i], alpha)) || (parts[i].size() == 3 && all(parts[i], digit)))) ++i;
    while (i < parts.size() && (parts[i].size() >= 5 || (parts[i].size() == 4 && digit(parts[i][0])))) ++i;
    std::string singletons;
    while (i < parts.size() && parts[i].size() == 1) {
        char const singleton = cased(parts[i], false)[0];
        if (singletons.find(singleton) != std::string::npos) return false;
        singletons.push_back(singleton);
        bool const private_use = singleton == 'x';
        std::size_t const first = ++i;
        while (i < parts.size() && (private_use || parts[i].size() >= 2)) ++i;
        if (i == first) return false;
    }
    return i == parts.size();
}

result<std::string> parse_language(std::string_view text) {
    for (Language const& each : official)
        if (cased(each.name, false) == cased(text, false)) return std::string(each.tag);
    if (!is_language_tag(text) || !known(primary(text)))
        return Failure(errc::invalid_value,
                       "unknown language: a tag (BCP 47) such as 'en', 'pt-PT' or 'el' is needed");
    std::string out;
    bool after_singleton = false;
    for (std::string_view part : subtags(text)) {
        bool const first = out.empty();
        if (!first) out += '-';
        if (!first && !after_singleton && part.size() == 2)
            out += cased(part, true);
        else if (!first && !after_singleton && part.size() == 4 && alpha(part[0]))
            out += cased(part.substr(0, 1), true) + cased(part.substr(1), false);
        else
            out += cased(part, false);
        after_singleton = after_singleton || part.size() == 1;
    }
    return out;
}

}  // namespace convoke::domain
