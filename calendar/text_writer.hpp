// Content lines of iCalendar (RFC 5545 §3.1): escaped, encoded, folded, ended with CRLF. Inside this room.
// One writer belongs to one thread.
#pragma once

#include <string>
#include <string_view>

namespace convoke::calendar {

// TEXT (§3.3.11): backslash, semicolon, comma and newline escaped; other control characters become blanks, broken
// UTF-8 becomes U+FFFD: people's text must never lose a mail.
void append_escaped(std::string& out, std::string_view text);

// A parameter value in quotes, encoded by RFC 6868 (^n ^' ^^).
void append_quoted(std::string& out, std::string_view text);

// A URI (RFC 3986): characters a URI cannot hold are percent-encoded. Throws std::invalid_argument for a control
// character (a line end would begin another property) and for schemes that run code.
std::string checked_uri(std::string_view uri);

void append_percent(std::string& out, char byte);
bool valid_utf8(std::string_view text);
std::string from_windows_1252(std::string_view bytes);

class TextWriter {
public:
    explicit TextWriter(std::size_t expected = 2048) { out_.reserve(expected); }

    // Verbatim: the caller vouches for it. Folded if need be.
    TextWriter& line(std::string_view name, std::string_view value);
    TextWriter& line(std::string_view name, std::string_view parameters, std::string_view value);
    TextWriter& text(std::string_view name, std::string_view value);
    TextWriter& uri(std::string_view name, std::string_view value);
    // Whole lines that are already right (a VTIMEZONE).
    TextWriter& raw(std::string_view lines);

    std::string take() { return std::move(out_); }

private:
    void fold_from(std::size_t start);
    std::string out_;
};

}  // namespace convoke::calendar
