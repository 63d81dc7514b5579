// Letters for tests: made-up people and events, one clock.
#pragma once

#include "notifications/letter.hpp"

#include <string>

namespace convoke::test {

// Catalogue and templates as the service has them.
rendering::Templates const& letter_templates();

// 2026-05-04 07:00 UTC.
calendar::sys_seconds letter_now();

// A hybrid study visit in Salerno for a member in Dublin, with everything a letter of this kind would have.
notifications::LetterFacts letter(notifications::LetterKind kind, std::string language);

}  // namespace convoke::test
