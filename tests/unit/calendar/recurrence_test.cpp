// Our expansion against libical's, in floating time, for rules that libical survives.
#include "calendar/recurrence.hpp"

#include "calendar/embedded_zone.hpp"
#include "support.hpp"

#include <libical/ical.h>
#include <rapidcheck.h>

using namespace convoke;
using namespace convoke::calendar;
using Frequency = RecurrenceRule::Frequency;

namespace {

std::vector<local_seconds> by_libical(std::string const& text, local_seconds start, std::size_t limit) {
    std::string stamp;
    for (char c : format_local(start))
        if (c != '-' && c != ':') stamp += c;
    icalrecurrencetype const rule = icalrecurrencetype_from_string(text.c_str());
    std::vector<local_seconds> out;
    icalrecur_iterator* const iterator = icalrecur_iterator_new(rule, icaltime_from_string(stamp.c_str()));
    if (!iterator) return out;
    for (std::size_t steps = 0; out.size() < limit && steps < 20000; ++steps) {
        icaltimetype const t = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(t) || t.year > 2080) break;
        char text_of[32];
        snprintf(text_of, sizeof text_of, "%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month, t.day, t.hour, t.minute, t.second);
        out.push_back(at(text_of));
    }
    icalrecur_iterator_free(iterator);
    return out;
}

std::vector<std::string> shown(std::vector<local_seconds> const& times) {
    std::vector<std::string> out;
    for (auto time : times) out.push_back(format_local(time));
    return out;
}

std::vector<local_seconds> ours(std::string const& text, local_seconds start, std::size_t limit = 1000) {
    auto const rule = parse_rule(text);
    REQUIRE(rule);
    return expand(*rule, start, limit).starts;
}

}  // namespace

TEST_CASE("rules give the dates that RFC 5545 lists") {
    auto const start = at("2026-01-30T09:00:00");
    CHECK(shown(ours("FREQ=MONTHLY;COUNT=3;BYDAY=-1FR", start)) ==
          std::vector<std::string>{"2026-01-30T09:00:00", "2026-02-27T09:00:00", "2026-03-27T09:00:00"});
    // A month without the 30th is passed over.
    CHECK(shown(ours("FREQ=MONTHLY;COUNT=2", start)) == std::vector<std::string>{"2026-01-30T09:00:00", "2026-03-30T09:00:00"});
    CHECK(shown(ours("FREQ=MONTHLY;COUNT=2;BYMONTHDAY=-1", at("2026-01-31T09:00:00"))) ==
          std::vector<std::string>{"2026-01-31T09:00:00", "2026-02-28T09:00:00"});
    CHECK(shown(ours("FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU,TH", at("2026-06-16T10:00:00"))) ==
          std::vector<std::string>{"2026-06-16T10:00:00", "2026-06-18T10:00:00", "2026-06-30T10:00:00"});
    CHECK(shown(ours("FREQ=MONTHLY;COUNT=2;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", start)) ==
          std::vector<std::string>{"2026-01-30T09:00:00", "2026-02-27T09:00:00"});
    CHECK(shown(ours("FREQ=YEARLY;COUNT=2", at("2028-02-29T09:00:00"))) ==
          std::vector<std::string>{"2028-02-29T09:00:00", "2032-02-29T09:00:00"});
    CHECK(ours("FREQ=DAILY;UNTIL=20260131T090000", start).size() == 2);
    CHECK(ours("FREQ=DAILY;UNTIL=20260131T085959", start).size() == 1);
}

TEST_CASE("expansion ends, whatever the rule") {
    auto const start = at("2026-01-30T09:00:00");
    RecurrenceRule never;
    never.frequency = Frequency::daily;
    never.by_month = {2};
    never.by_month_day = {30};
    CHECK(expand(never, start).starts.empty());
    CHECK(!expand(never, start).complete);
    RecurrenceRule wild;
    wild.interval = 2147483647;
    wild.frequency = Frequency::yearly;
    wild.count = 2147483647;
    CHECK(expand(wild, start).starts.size() == 1);
    RecurrenceRule endless;
    endless.frequency = Frequency::daily;
    CHECK(expand(endless, start).starts.size() == 1000);
    CHECK(!expand(endless, start).complete);
}

TEST_CASE("our expansion and libical's agree on rules of every shape") {
    CHECK(rc::check("same dates", [] {
        static std::vector<std::string> const shapes = {
            "FREQ=DAILY;INTERVAL={i}", "FREQ=DAILY;INTERVAL={i};BYDAY={d}", "FREQ=WEEKLY;INTERVAL={i}",
            "FREQ=WEEKLY;INTERVAL={i};BYDAY={d},{e}", "FREQ=MONTHLY;INTERVAL={i};BYMONTHDAY={m}", "FREQ=MONTHLY;BYDAY={n}{d}",
            "FREQ=MONTHLY;INTERVAL={i};BYDAY={d},{e};BYSETPOS={n}", "FREQ=YEARLY;BYMONTH={o};BYDAY={n}{d}",
            "FREQ=YEARLY;BYMONTH={o};BYMONTHDAY={m}", "FREQ=YEARLY;BYDAY={n}{d}", "FREQ=MONTHLY;BYMONTH={o};BYDAY={d}"};
        static char const* const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
        std::string text = *rc::gen::elementOf(shapes);
        auto const put = [&](std::string_view mark, std::string const& value) {
            for (auto found = text.find(mark); found != std::string::npos; found = text.find(mark)) text.replace(found, 3, value);
        };
        int const first = *rc::gen::inRange(0, 7), second = (first + *rc::gen::inRange(1, 7)) % 7;
        put("{i}", std::to_string(*rc::gen::inRange(1, 5)));
        put("{d}", names[first]);
        put("{e}", names[second]);
        put("{m}", std::to_string(*rc::gen::inRange(1, 32)));
        put("{n}", std::to_string(*rc::gen::elementOf(std::vector<int>{1, 2, 3, 4, -1, -2})));
        put("{o}", std::to_string(*rc::gen::inRange(1, 13)));
        auto const day = local_days{std::chrono::year{2026} / 1 / 1} + std::chrono::days{*rc::gen::inRange(0, 700)};
        auto const start = local_seconds{day} + std::chrono::hours{10};
        auto const rule = parse_rule(text);
        RC_ASSERT(rule.has_value());
        auto const mine = expand(*rule, start, 12).starts;
        auto theirs = by_libical(text, start, 12);
        // Ours stops after ten years.
        while (!theirs.empty() && theirs.back() > start + longest_series) theirs.pop_back();
        RC_LOG() << text << " from " << format_local(start);
        RC_ASSERT(shown(mine) == shown(theirs));
    }));
}
