// The words of a letter: its subject and what its templates are filled with. Any thread; pure.
#pragma once

#include "calendar/words.hpp"
#include "notifications/letter.hpp"

#include <string>

namespace convoke::notifications {

// "Invitation: Labour market paths – 17 June 2026, 09:00 (Dublin)", at most 250 characters, one line.
std::string subject_of(LetterFacts const& facts, calendar::WhenWords const& when, rendering::Catalogue const& catalogue,
                       std::string const& language);

// The names that letters/*.mustache use.
rendering::Data letter_data(LetterFacts const& facts, calendar::WhenWords const& when, std::string const& subject,
                            rendering::Catalogue const& catalogue, std::string const& language, calendar::sys_seconds now);

// Control characters, line ends and runs of spaces to one space, ends trimmed, at most `longest` characters ("…" marks a cut).
std::string one_line(std::string_view text, std::size_t longest);

}  // namespace convoke::notifications
