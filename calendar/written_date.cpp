#include "calendar/written_date.hpp"

#include <array>

namespace convoke::calendar {
namespace {

using namespace std::chrono;

struct Token {
    enum Kind { number, month, quarter, dash, slash, comma, end } kind = end;
    int value = 0;
    std::size_t digits = 0;
};

constexpr std::array<std::string_view, 12> months = {"january", "february", "march",     "april",   "may",      "june",
                                                     "july",    "august",   "september", "october", "november", "december"};

// The full name, or three letters of it or more ('Sept', 'Dec.'): nothing shorter, nothing misspelt.
int month_number(std::string_view word) {
    for (std::size_t i = 0; i < months.size(); ++i)
        if (word.size() >= 3 && months[i].starts_with(word)) return static_cast<int>(i) + 1;
    return 0;
}

bool weekday_name(std::string_view word) {
    for (std::string_view day : {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
        if (word.size() >= 3 && day.starts_with(word)) return true;
    return word == "tues" || word == "thurs";
}

// Every dash becomes '-', every odd blank a blank, letters become small.
std::string plain(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        std::string_view const two = text.substr(i, 2), three = text.substr(i, 3);
        if (three >= "\xE2\x80\x90" && three <= "\xE2\x80\x95") out += '-', i += 2;       // hyphens and dashes
        else if (three == "\xE2\x88\x92") out += '-', i += 2;                              // minus
        else if (three >= "\xE2\x80\x80" && three <= "\xE2\x80\x8B") out += ' ', i += 2;  // spaces
        else if (three == "\xE2\x80\xAF") out += ' ', i += 2;
        else if (two == "\xC2\xA0") out += ' ', i += 1;
        else if (byte < 0x20) out += ' ';
        else if (byte >= 'A' && byte <= 'Z') out += static_cast<char>(byte - 'A' + 'a');
        else out += text[i];
    }
    return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// nullopt: a word that is no part of a date.
std::optional<std::vector<Token>> tokens_of(std::string_view text) {
    std::vector<Token> out;
    for (std::size_t i = 0; i < text.size();) {
        char const c = text[i];
        if (c == ' ') {
            ++i;
        } else if (c == '-' || c == '/' || c == ',') {
            out.push_back({c == '-' ? Token::dash : c == '/' ? Token::slash : Token::comma});
            ++i;
        } else if (c == 'q' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '4' &&
                   (i + 2 == text.size() || (!is_digit(text[i + 2]) && !is_letter(text[i + 2])))) {
            out.push_back({Token::quarter, text[i + 1] - '0'});
            i += 2;
        } else if (is_digit(c)) {
            Token t{Token::number};
            while (i < text.size() && is_digit(text[i]) && t.digits < 5) t.value = t.value * 10 + (text[i++] - '0'), ++t.digits;
            if (t.digits <= 2 && i + 1 < text.size() && is_letter(text[i])) {  // '1st', '2nd'
                std::string_view const suffix = text.substr(i, 2);
                if (suffix == "st" || suffix == "nd" || suffix == "rd" || suffix == "th") i += 2;
            }
            out.push_back(t);
        } else if (is_letter(c)) {
            std::size_t const from = i;
            while (i < text.size() && is_letter(text[i])) ++i;
            std::string_view const word = text.substr(from, i - from);
            if (i < text.size() && text[i] == '.') ++i;
            bool const weekday_word = weekday_name(word);
            if (weekday_word && i < text.size() && text[i] == ',') ++i;
            if (word == "to" || word == "until") out.push_back({Token::dash});
            else if (word == "and" || word == "or") out.push_back({Token::slash});
            else if (word == "of" || word == "the" || word == "on" || word == "from" || weekday_word) continue;
            else if (int const month = month_number(word)) out.push_back({Token::month, month});
            else return std::nullopt;
        } else {
            return std::nullopt;
        }
        if (out.size() > 16) return std::nullopt;
    }
    return out;
}

// '(TBC)', 'TBC', 'tbd', 'to be confirmed': cut out of the text.
bool cut_tbc(std::string& text) {
    bool found = false;
    for (std::string_view mark : {"to be confirmed", "to be decided", "to be determined", "tbc", "tbd"}) {
        auto const at = text.find(mark);
        if (at == std::string::npos) continue;
        if (at > 0 && is_letter(text[at - 1])) continue;
        if (at + mark.size() < text.size() && is_letter(text[at + mark.size()])) continue;
        text.replace(at, mark.size(), " ");
        found = true;
    }
    if (found)
        for (char& c : text)
            if (c == '(' || c == ')' || c == '[' || c == ']') c = ' ';
    return found;
}

struct Walker {
    std::vector<Token> const& tokens;
    std::size_t at = 0;

    Token peek() const { return at < tokens.size() ? tokens[at] : Token{}; }
    bool take(Token::Kind kind) {
        if (peek().kind != kind) return false;
        ++at;
        return true;
    }
    bool done() const { return at == tokens.size(); }
    std::optional<int> day() {
        if (peek().kind != Token::number || peek().digits > 2) return std::nullopt;
        return tokens[at++].value;
    }
    std::optional<int> month() {
        if (peek().kind != Token::month) return std::nullopt;
        return tokens[at++].value;
    }
    std::optional<int> year() {
        if (peek().kind != Token::number || peek().digits != 4) return std::nullopt;
        return tokens[at++].value;
    }
};

struct Parts {
    std::optional<int> first_day, first_month, first_year, last_day, last_month, last_year;
    bool whole_months = false;
};

// '4 March 2025', '21-22 May 2025', '30 May - 2 June', '31 December 2026 - 2 January 2027', 'May 4, 2025'.
std::optional<Parts> days_from(std::vector<Token> const& tokens) {
    Walker in{tokens};
    Parts p;
    if (in.peek().kind == Token::month) {
        p.first_month = in.month();
        p.first_day = in.day();
        if (!p.first_day) return std::nullopt;
        in.take(Token::comma);
        p.first_year = in.year();
        if (in.take(Token::dash)) {
            p.last_month = in.month();
            p.last_day = in.day();
            if (!p.last_day) return std::nullopt;
            in.take(Token::comma);
            p.last_year = in.year();
        }
        return in.done() ? std::optional(p) : std::nullopt;
    }
    p.first_day = in.day();
    if (!p.first_day) return std::nullopt;
    p.first_month = in.month();
    in.take(Token::comma);
    p.first_year = in.year();
    // '3 and 4 June' are two days in a row or nothing we understand; that is checked with the dates.
    if (in.take(Token::dash) || in.take(Token::slash)) {
        p.last_day = in.day();
        p.last_month = in.month();
        if (!p.last_day || !p.last_month) return std::nullopt;
        in.take(Token::comma);
        p.last_year = in.year();
    }
    if (!p.first_month && !p.last_month) return std::nullopt;
    return in.done() ? std::optional(p) : std::nullopt;
}

// 'October 2025', 'November/December', 'November 2025 - January 2026', 'Q2 2023', 'Q3/Q4', '2026 Q1', '2026'.
std::optional<Parts> months_from(std::vector<Token> const& tokens) {
    Walker in{tokens};
    Parts p;
    p.whole_months = true;
    auto const one = [&](std::optional<int>& first, std::optional<int>& last) {
        if (in.peek().kind == Token::quarter) {
            int const quarter = tokens[in.at++].value;
            first = quarter * 3 - 2;
            last = quarter * 3;
            return true;
        }
        first = last = in.month();
        return first.has_value();
    };
    std::optional<int> unused;
    std::optional<int> const year_before = in.year();
    if (year_before && in.done()) {
        p.first_month = 1, p.last_month = 12, p.first_year = year_before;
        return p;
    }
    if (!one(p.first_month, p.last_month)) return std::nullopt;
    in.take(Token::comma);
    p.first_year = in.year();
    if (in.take(Token::dash) || in.take(Token::slash)) {
        if (!one(unused, p.last_month)) return std::nullopt;
        in.take(Token::comma);
        p.last_year = in.year();
    }
    if (year_before) {
        if (p.first_year || p.last_year) return std::nullopt;
        p.first_year = year_before;
    }
    return in.done() ? std::optional(p) : std::nullopt;
}

std::optional<Parts> iso_from(std::vector<Token> const& tokens) {
    Walker in{tokens};
    auto const date = [&](auto& year, auto& month, auto& day) {
        year = in.year();
        if (!year || !in.take(Token::dash)) return false;
        month = in.day();
        if (!month || !in.take(Token::dash)) return false;
        day = in.day();
        return day.has_value();
    };
    Parts p;
    if (!date(p.first_year, p.first_month, p.first_day)) return std::nullopt;
    if (!in.done() && !((in.take(Token::slash) || in.take(Token::dash)) && date(p.last_year, p.last_month, p.last_day)))
        return std::nullopt;
    return in.done() ? std::optional(p) : std::nullopt;
}

std::optional<local_days> date_of(int year, int month, int day) {
    year_month_day const ymd{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                             std::chrono::day(static_cast<unsigned>(day))};
    if (!ymd.ok()) return std::nullopt;
    return local_days{ymd};
}

}  // namespace

result<WrittenDate> read_written_date(std::string_view text, std::optional<int> default_year) {
    std::string shown(text.substr(0, 60));
    for (char& c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    auto const refuse = [&](std::string why) {
        return Failure{errc::invalid_date, "'" + shown + "' " + std::move(why)};
    };
    static std::string const examples =
        "; understood are dates such as '4 March 2025', '21–22 May 2025', '1–12 December 2025 (TBC)', 'October 2025', "
        "'November/December 2025', 'Q2 2025', '2025-03-04'";
    if (text.size() > 200) return refuse("is too long for a date");

    std::string normal = plain(text);
    bool const tbc = cut_tbc(normal);
    auto tokens = tokens_of(normal);
    while (tbc && tokens && !tokens->empty() && tokens->back().kind == Token::comma) tokens->pop_back();
    if (!tokens || tokens->empty()) return refuse("is not a date" + examples);

    auto parts = iso_from(*tokens);
    if (!parts) parts = days_from(*tokens);
    if (!parts) parts = months_from(*tokens);
    if (!parts) return refuse("is not a date" + examples);

    Parts& p = *parts;
    if (!p.first_month) p.first_month = p.last_month;
    if (!p.last_month) p.last_month = p.first_month;
    if (!p.first_year && !p.last_year && !default_year)
        return refuse("names no year; write it there or give one with --year");
    // '30 December – 2 January 2027' and the like: a year said once goes with the end it stands at.
    if (!p.last_year) {
        int const year = p.first_year ? *p.first_year : *default_year;
        p.first_year = year;
        p.last_year = *p.last_month < *p.first_month ? year + 1 : year;
    } else if (!p.first_year) {
        p.first_year = *p.last_month < *p.first_month ? *p.last_year - 1 : *p.last_year;
    }
    if (*p.first_year < 1970 || *p.last_year > 2037) return refuse("lies outside the years 1970 to 2037");

    WrittenDate out;
    out.tbc = tbc;
    if (p.whole_months) {
        out.kind = WrittenDate::Kind::window;
        out.first = *date_of(*p.first_year, *p.first_month, 1);
        out.last = local_days{year{*p.last_year} / month(static_cast<unsigned>(*p.last_month)) / std::chrono::last};
    } else {
        auto const first = date_of(*p.first_year, *p.first_month, *p.first_day);
        auto const last = p.last_day ? date_of(*p.last_year, *p.last_month, *p.last_day) : first;
        if (!first || !last) return refuse("names a day that the calendar does not have");
        out.kind = tbc ? WrittenDate::Kind::window : WrittenDate::Kind::day;
        out.first = *first;
        out.last = *last;
    }
    if (out.last < out.first) return refuse("ends before it begins");
    if (out.last - out.first >= days{731}) return refuse("is longer than two years");
    // '3 and 10 June' are two separate days, '3 and 4 June' one event of two.
    bool const listed = !p.whole_months && p.last_day && normal.find('-') == std::string::npos &&
                        normal.find(" to ") == std::string::npos && normal.find("until") == std::string::npos;
    if (listed && out.last - out.first != days{1})
        return refuse("names two separate days; write one row for each, or '3–10 June' for the days between as well");
    return out;
}

}  // namespace convoke::calendar
