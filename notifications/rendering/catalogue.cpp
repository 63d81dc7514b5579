#include "notifications/rendering/catalogue.hpp"

#include "embedded/letter_catalogues.hpp"

#include <boost/locale/gnu_gettext.hpp>
#include <boost/locale/message.hpp>

#include <algorithm>
#include <charconv>
#include <locale>
#include <stdexcept>

namespace convoke::rendering {
namespace {

using Messages = boost::locale::message_format<char>;
constexpr char domain[] = "convoke";

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::locale load(std::string const& language, std::string_view mo) {
    boost::locale::gnu_gettext::messages_info info;
    info.language = language;
    info.encoding = "UTF-8";
    info.domains.emplace_back(domain);
    info.paths.emplace_back("embedded");
    info.callback = [mo](std::string const&, std::string const&) { return std::vector<char>(mo.begin(), mo.end()); };
    return std::locale(std::locale::classic(), boost::locale::gnu_gettext::create_messages_facet<char>(info));
}

// "q=0.8" in thousandths; 1000 when absent or unreadable.
int weight(std::string_view parameters) {
    const auto q = parameters.find("q=");
    if (q == std::string_view::npos) return 1000;
    double value = 1;
    const auto text = parameters.substr(q + 2);
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value >= 0 && value <= 1 ? static_cast<int>(value * 1000) : 1000;
}

}  // namespace

struct Catalogue::Language {
    std::string name;
    std::vector<std::locale> parts;
};

Catalogue::Catalogue() : languages_{"en"} {}
Catalogue::~Catalogue() = default;
Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue& Catalogue::operator=(Catalogue&&) noexcept = default;

void Catalogue::add(std::string language, std::string_view mo) {
    if (mo.empty()) throw std::runtime_error("empty catalogue for " + language);
    auto part = load(language, mo);
    auto found = std::find_if(all_.begin(), all_.end(), [&](auto const& known) { return known->name == language; });
    if (found == all_.end()) {
        languages_.push_back(language);
        found = all_.insert(all_.end(), std::make_unique<Language>(Language{language, {}}));
    }
    (*found)->parts.push_back(std::move(part));
}

Catalogue::Language const* Catalogue::find(std::string_view language) const {
    const auto found = std::find_if(all_.begin(), all_.end(), [&](auto const& known) { return known->name == language; });
    return found == all_.end() ? nullptr : found->get();
}

std::string Catalogue::match(std::string_view tag) const {
    const auto wanted = lower(tag);
    const auto primary = wanted.substr(0, wanted.find_first_of("-_"));
    for (auto const& known : languages_) {
        if (known == wanted) return known;
    }
    for (auto const& known : languages_) {
        if (known == primary) return known;
    }
    return "en";
}

std::string Catalogue::negotiate(std::string_view accept_language) const {
    std::string best = "en";
    int best_weight = 0;
    for (std::size_t count = 0; !accept_language.empty() && count < 32; ++count) {
        const auto comma = accept_language.find(',');
        const auto item = trimmed(accept_language.substr(0, comma));
        accept_language.remove_prefix(comma == std::string_view::npos ? accept_language.size() : comma + 1);
        const auto semicolon = item.find(';');
        const auto tag = lower(trimmed(item.substr(0, semicolon)));
        const int w = semicolon == std::string_view::npos ? 1000 : weight(item.substr(semicolon));
        const auto language = match(tag);
        const bool spoken = tag.substr(0, tag.find('-')) == language;
        if (spoken && w > best_weight) {
            best = language;
            best_weight = w;
        }
    }
    return best;
}

std::string Catalogue::translate(std::string_view language, std::string_view msgid) const {
    const std::string key(msgid);
    if (auto const* known = find(language)) {
        for (auto const& part : known->parts) {
            auto const& messages = std::use_facet<Messages>(part);
            if (char const* text = messages.get(messages.domain(domain), nullptr, key.c_str())) return text;
        }
    }
    return key;
}

std::string Catalogue::translate(std::string_view language, std::string_view singular, std::string_view plural, long n) const {
    const std::string key(singular);
    std::string chosen(n == 1 ? singular : plural);
    if (auto const* known = find(language)) {
        for (auto const& part : known->parts) {
            auto const& messages = std::use_facet<Messages>(part);
            if (char const* text = messages.get(messages.domain(domain), nullptr, key.c_str(), static_cast<int>(n))) {
                chosen = text;
                break;
            }
        }
    }
    if (const auto at = chosen.find("{n}"); at != std::string::npos) chosen.replace(at, 3, std::to_string(n));
    return chosen;
}

bool Catalogue::has(std::string_view language, std::string_view msgid) const {
    if (language == "en") return true;
    auto const* known = find(language);
    if (!known) return false;
    const std::string key(msgid);
    return std::any_of(known->parts.begin(), known->parts.end(), [&](std::locale const& part) {
        auto const& messages = std::use_facet<Messages>(part);
        return messages.get(messages.domain(domain), nullptr, key.c_str()) != nullptr;
    });
}

Catalogue letter_catalogue() {
    Catalogue catalogue;
    catalogue.add_files(embedded::letter_catalogues());
    return catalogue;
}

}  // namespace convoke::rendering
