// iCalendar text as a tree of components and properties (RFC 5545 §3.1), for texts from outside. Inside this room.
// Ours rather than libical's, of which nothing is in the program: its parser is quadratic in a line's length, recurses
// without bound and hides what it could not read inside the tree; its times ignore TZIDs, open files named by them and take
// unknown zones for UTC; its rules run without end; its zones race between threads and its strings dangle.
// Any thread; time and memory linear in the input.
#pragma once

#include "calendar/reading.hpp"

#include <utility>

namespace convoke::calendar {

struct ContentLine {
    std::string name;  // upper case
    std::vector<std::pair<std::string, std::string>> parameters;  // names in upper case, values decoded (RFC 6868)
    std::string value;                                            // raw: escapes are TEXT's business

    std::string parameter(std::string_view wanted) const;
    std::string text() const;  // escapes undone
};

struct ContentNode {
    std::string kind;  // upper case; "" for the root
    std::vector<ContentLine> lines;
    std::vector<ContentNode> children;
};

// The root holds the VCALENDARs. Accepts CRLF, LF and CR, a byte order mark, any case, lines broken without a blank,
// missing ENDs; what is not UTF-8 is taken for `charset`, or Windows-1252 where that is empty or unknown.
result<ContentNode> read_tree(std::string_view bytes, ReadLimits const& limits, std::string_view charset = {});

std::string upper_case(std::string_view text);
std::string trimmed(std::string_view text);  // of blanks and tabs

}  // namespace convoke::calendar
