// What converters from office formats leave in a cell, taken off: HTML tags and entities, Markdown emphasis, footnote
// marks. Any thread; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace convoke::domain::documents {

// The paragraphs of a cell as plain text, white space collapsed, empty ones left out. <p>, <br>, <li>, <div> and line
// ends separate; every other tag vanishes; entities are decoded once ("&amp;lt;" becomes "&lt;"). A '<' that opens no
// tag stays: "a < b".
std::vector<std::string> paragraphs(std::string_view cell);

// paragraphs(cell) in one line.
std::string plain(std::string_view cell);

// "Date ¹", "Date *", "Date [1]", "4 March 2025²" without the mark.
std::string without_footnote_mark(std::string_view text);

// Trimmed of ASCII white space and U+00A0.
std::string_view trimmed(std::string_view text);

// What two writings of one title share: NFKC case-folded words, without punctuation, marks of TBC and white space.
std::string folded_title(std::string_view title);

// At most `most` bytes, cut between characters, with "…" where something was cut off. For messages.
std::string shortened(std::string_view text, std::size_t most);

// ASCII lower case.
std::string lower(std::string_view text);

// Whether `word` stands in `text` as words of its own (ASCII letters and digits around it do not). Both lower case.
bool has_words(std::string_view text, std::string_view word);

}  // namespace convoke::domain::documents
