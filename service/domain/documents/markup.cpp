#include "service/domain/documents/markup.hpp"

#include "calendar/ascii.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>
#include <charconv>

namespace convoke::domain::documents {
namespace {

struct Entity {
    std::string_view name, text;
};
constexpr auto entities = std::to_array<Entity>({
    {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}, {"shy", ""},
    {"ndash", "–"}, {"mdash", "—"}, {"hellip", "…"}, {"bull", "•"}, {"middot", "·"}, {"euro", "€"},
    {"lsquo", "‘"}, {"rsquo", "’"}, {"ldquo", "“"}, {"rdquo", "”"}, {"laquo", "«"}, {"raquo", "»"},
    {"aacute", "á"}, {"agrave", "à"}, {"acirc", "â"}, {"atilde", "ã"}, {"auml", "ä"}, {"aring", "å"},
    {"aelig", "æ"}, {"ccedil", "ç"}, {"eacute", "é"}, {"egrave", "è"}, {"ecirc", "ê"}, {"euml", "ë"},
    {"iacute", "í"}, {"igrave", "ì"}, {"icirc", "î"}, {"iuml", "ï"}, {"ntilde", "ñ"}, {"oacute", "ó"},
    {"ograve", "ò"}, {"ocirc", "ô"}, {"otilde", "õ"}, {"ouml", "ö"}, {"oslash", "ø"}, {"scaron", "š"},
    {"uacute", "ú"}, {"ugrave", "ù"}, {"ucirc", "û"}, {"uuml", "ü"}, {"yacute", "ý"}, {"szlig", "ß"},
    {"Eacute", "É"}, {"Aring", "Å"}, {"Auml", "Ä"}, {"Ouml", "Ö"}, {"Uuml", "Ü"}, {"Oslash", "Ø"},
});

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

// Appends what the entity at `at` ("&…;") stands for and gives its length; 0 when it is none.
std::size_t decode_entity(std::string_view text, std::size_t at, std::string& out) {
    std::size_t const end = text.substr(at, 12).find(';');
    if (end == std::string_view::npos || end < 2) return 0;
    std::string_view const name = text.substr(at + 1, end - 1);
    if (name.front() == '#') {
        bool const hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
        std::string_view const digits = name.substr(hex ? 2 : 1);
        unsigned code = 0;
        auto const [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
        if (digits.empty() || error != std::errc() || stop != digits.data() + digits.size()) return 0;
        if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return 0;
        icu::UnicodeString(static_cast<UChar32>(code)).toUTF8String(out);
        return end + 1;
    }
    for (Entity const& entity : entities)
        if (entity.name == name) {
            out += entity.text;
            return end + 1;
        }
    return 0;
}

// The tag that opens at `at`, and its length; 0 when '<' stands for itself. Autolinks (<https://…>) are no tags.
std::size_t tag_at(std::string_view text, std::size_t at, std::string& name) {
    std::size_t i = at + 1;
    if (i < text.size() && text[i] == '/') ++i;
    std::size_t const first = i;
    while (i < text.size() && (letter(text[i]) || digit(text[i]))) ++i;
    if (i == first || !letter(text[first]) || i == text.size()) return 0;
    if (text[i] != '>' && text[i] != ' ' && text[i] != '/' && text[i] != '\t') return 0;
    std::size_t const end = text.find_first_of("<>", i);
    if (end == std::string_view::npos || text[end] == '<') return 0;
    name = lower(text.substr(first, i - first));
    return end + 1 - at;
}

bool separates(std::string_view tag) {
    return tag == "p" || tag == "br" || tag == "li" || tag == "div" || tag == "ul" || tag == "ol" || tag == "tr";
}

// Markdown: **bold**, *emphasis*, [words](address).
std::string without_markdown(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        char const c = text[at];
        if (c == '*' && text.substr(at, 2) == "**") {
            at += 2;
            continue;
        }
        if (c == '*') {
            bool const opens = (at == 0 || text[at - 1] == ' ' || text[at - 1] == '(' || text[at - 1] == '*') &&
                               at + 1 < text.size() && text[at + 1] != ' ';
            std::size_t const close = opens ? text.find('*', at + 1) : std::string_view::npos;
            if (close != std::string_view::npos && close > at + 1 && text[close - 1] != ' ') {
                out += text.substr(at + 1, close - at - 1);
                at = close + 1;
                continue;
            }
        }
        if (c == '[') {
            std::size_t const close = text.find_first_of("[]", at + 1);
            bool const link = close != std::string_view::npos && text.substr(close, 2) == "](";
            // An address has its limit, or a text full of open ones would be searched to its end for each.
            std::size_t const end = link ? text.substr(close, 2000).find(')') : std::string_view::npos;
            if (end != std::string_view::npos) {
                out += text.substr(at + 1, close - at - 1);
                at = close + end + 1;
                continue;
            }
        }
        out += c;
        ++at;
    }
    return out;
}

// One space for any white space; zero-width spaces and byte order marks vanish.
std::string collapsed(std::string_view text) {
    std::string out;
    bool space = false;
    auto const skips = [&](std::string_view what) { return text.starts_with(what) ? what.size() : 0; };
    while (!text.empty()) {
        std::size_t length = 0;
        bool const ascii = static_cast<unsigned char>(text.front()) < 0x80;
        if (text.front() == ' ' || text.front() == '\t' || text.front() == '\v' || text.front() == '\f') length = 1;
        if (!ascii)
            for (std::string_view wide : {"\u00a0", "\u2009", "\u202f", "\u2003"}) length = std::max(length, skips(wide));
        if (length > 0) {
            space = true;
            text.remove_prefix(length);
            continue;
        }
        if (!ascii)
            for (std::string_view nothing : {"\u200b", "\ufeff", "\u00ad"}) length = std::max(length, skips(nothing));
        if (length > 0) {
            text.remove_prefix(length);
            continue;
        }
        if (space && !out.empty()) out += ' ';
        space = false;
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

constexpr std::array<std::string_view, 10> superscripts = {"¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁰"};

}  // namespace

std::vector<std::string> paragraphs(std::string_view cell) {
    std::vector<std::string> out;
    std::string current;
    auto const close = [&] {
        std::string const text = collapsed(without_markdown(current));
        if (!text.empty()) out.push_back(text);
        current.clear();
    };
    std::string tag;
    for (std::size_t at = 0; at < cell.size();) {
        std::size_t length = 0;
        if (cell[at] == '<' && (length = tag_at(cell, at, tag)) > 0) {
            if (separates(tag)) close();
        } else if (cell[at] == '&' && (length = decode_entity(cell, at, current)) > 0) {
        } else if (cell[at] == '\n' || cell[at] == '\r') {
            close();
            length = 1;
        } else {
            current += cell[at];
            length = 1;
        }
        at += length;
    }
    close();
    return out;
}

std::string plain(std::string_view cell) {
    std::string out;
    for (std::string const& paragraph : paragraphs(cell)) {
        if (!out.empty()) out += ' ';
        out += paragraph;
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    static constexpr std::string_view white = " \t\r\n\v\f";
    for (;;) {
        if (!text.empty() && white.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
        else if (text.starts_with("\u00a0")) text.remove_prefix(2);
        else break;
    }
    for (;;) {
        if (!text.empty() && white.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
        else if (text.ends_with("\u00a0")) text.remove_suffix(2);
        else break;
    }
    return text;
}

std::string without_footnote_mark(std::string_view text) {
    text = trimmed(text);
    for (bool again = true; again;) {
        again = false;
        for (std::string_view mark : superscripts)
            if (text.ends_with(mark)) {
                text.remove_suffix(mark.size());
                again = true;
            }
        if (text.ends_with('*') || text.ends_with("†")) {
            text.remove_suffix(text.ends_with('*') ? 1 : std::string_view("†").size());
            again = true;
        }
        if (text.ends_with(']')) {
            std::size_t const open = text.rfind('[');
            if (open != std::string_view::npos && open + 2 < text.size() && text.size() - open <= 4 &&
                std::all_of(text.begin() + static_cast<std::ptrdiff_t>(open) + 1, text.end() - 1, digit)) {
                text = text.substr(0, open);
                again = true;
            }
        }
        text = trimmed(text);
    }
    return std::string(text);
}

std::string folded_title(std::string_view title) {
    UErrorCode status = U_ZERO_ERROR;
    icu::Normalizer2 const* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
    icu::UnicodeString text = icu::UnicodeString::fromUTF8(icu::StringPiece(title.data(), static_cast<int32_t>(title.size())));
    if (U_SUCCESS(status)) text = normalizer->normalize(text, status);
    std::string out, word;
    auto const close = [&] {
        if (!word.empty() && word != "tbc") out += (out.empty() ? "" : " ") + word;
        word.clear();
    };
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        UChar32 const c = text.char32At(i);
        if (u_isalnum(c) || u_getCombiningClass(c) != 0) icu::UnicodeString(c).toUTF8String(word);
        else close();
    }
    close();
    return out.empty() ? std::string("tbc") : out;
}

std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
    return std::string(text.substr(0, most)) + "…";
}

std::string lower(std::string_view text) { return calendar::ascii_lower(text); }

bool has_words(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        bool const starts = at == 0 || !(letter(text[at - 1]) || digit(text[at - 1]));
        std::size_t const end = at + word.size();
        if (starts && (end == text.size() || !(letter(text[end]) || digit(text[end])))) return true;
    }
    return false;
}

}  // namespace convoke::domain::documents
