// The linter over any bytes: it names rules it knows and lines that are there.
#include "calendar/lint.hpp"

#include "tests/fuzz/input.hpp"

#include <algorithm>

using namespace convoke::calendar;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = text_of(data, size);
    auto const lines = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; })) + 1;
    for (auto const& finding : lint(text, {LintContext::Profile::detect, "REPLY", "a@b.example", "o@b.example"})) {
        auto const rules = lint_rules();
        CONVOKE_HOLDS(std::any_of(rules.begin(), rules.end(), [&](LintRule const& rule) { return rule.rule == finding.rule; }));
        CONVOKE_HOLDS(finding.line <= lines);
    }
    return 0;
}
