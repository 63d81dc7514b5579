// Answers by mail: what has an effect has a method that may have one, a UID and bounded keys.
#include "calendar/answer.hpp"

#include "tests/fuzz/input.hpp"

using namespace convoke::calendar;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static Schedule const weekly = [] {
        RecurrenceRule rule;
        rule.count = 50;
        return Schedule{Fixed{local_seconds{local_days{std::chrono::year{2026} / 6 / 17}} + std::chrono::hours{10}, "Europe/Brussels", {0, seconds{3600}}},
                        Recurrence{{rule}, {}}};
    }();
    auto const answer = read_answer(text_of(data, size), {size % 2 == 0 ? "" : "windows-1251", "REPLY"});
    if (!answer) return 0;
    CONVOKE_HOLDS(!answer->parts.empty() && answer->parts.size() <= 50);
    for (auto const& part : answer->parts) {
        bool const may = answer->method == AnswerMethod::reply || answer->method == AnswerMethod::counter || answer->method == AnswerMethod::refresh;
        CONVOKE_HOLDS(!part.effective() || (may && !part.uid.empty()));
        CONVOKE_HOLDS(repetition_key(*answer, part, "a@b.example").size() <= 700);
        if (part.instance) (void)occurrence_named(weekly, *part.instance);
        (void)attendee_with(part, "a@b.example");
    }
    return 0;
}
