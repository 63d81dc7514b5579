// Entries nobody would think of, that check_schedule() takes: every zone, windows, days, series with exceptions, odd texts.
#pragma once

#include "support.hpp"

#include <random>
#include <sstream>

namespace convoke::calendar {

inline std::size_t scaled(std::size_t quick, std::size_t commit, std::size_t full) {
    char const* const scale = std::getenv("CONVOKE_TEST_SCALE");
    std::string const name = scale ? scale : "quick";
    return name == "full" ? full : name == "commit" ? commit : quick;
}

class RandomEntries {
public:
    explicit RandomEntries(unsigned seed) : random_(seed) {
        std::istringstream table(file_text("/usr/share/zoneinfo/tzdata.zi"));
        for (std::string line; std::getline(table, line);) {
            std::istringstream fields(line);
            std::string kind, name, link;
            fields >> kind >> name >> link;
            std::string const& zone = kind == "Z" ? name : link;
            if ((kind == "Z" || kind == "L") && zone_exists(zone)) zones_.push_back(zone);
        }
        REQUIRE(zones_.size() > 300);
    }

    Entry next() {
        for (;;) {
            Entry entry = attempt();
            if (check_schedule(entry.schedule)) return entry;
        }
    }
    std::size_t zones() const { return zones_.size(); }

private:
    int upto(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
    std::string words() {
        static std::string const pieces[] = {"Labour market ", "Größe, ", "a; b ", "\\ ", "\n", "Ελληνικά ", "🂡", "\"quoted\" ", "^caret ", "ž", "   ", "%0D%0A ", "colon: "};
        std::string out = "x";
        for (int i = upto(12); i > 0; --i) out += pieces[upto(13)];
        return out + "y";
    }
    local_seconds time() { return at("2026-01-01T00:00:00") + std::chrono::minutes{15 * upto(4 * 24 * 365 * 9)}; }

    Entry attempt() {
        Entry entry = an_entry();
        entry.uid = "u" + std::to_string(random_()) + "@events.example";
        entry.sequence = upto(5);
        entry.zone = zones_[static_cast<std::size_t>(upto(static_cast<int>(zones_.size())))];
        entry.summary = words();
        entry.description = entry.conference_uri + "\n" + words();
        entry.language = std::vector<std::string>{"", "en", "fr", "el-GR"}[static_cast<std::size_t>(upto(4))];
        if (upto(3) == 0) entry.geo = {upto(18000) / 100.0 - 90, upto(36000) / 100.0 - 180};
        entry.status = std::vector{EntryStatus::confirmed, EntryStatus::tentative, EntryStatus::cancelled}[static_cast<std::size_t>(upto(3))];
        entry.transparent = upto(4) == 0;
        if (upto(4) == 0) entry.first_uid = "first" + std::to_string(random_()) + "@events.example";
        if (upto(4) == 0) entry.next_uid = "next" + std::to_string(random_()) + "@events.example";
        local_days const day = std::chrono::floor<std::chrono::days>(time());
        switch (upto(4)) {
            case 0: entry.schedule.when = Provisional{day, day + std::chrono::days{upto(90)}}; return entry;
            case 1: entry.schedule.when = AllDay{day, 1 + upto(4), entry.zone}; break;
            default: entry.schedule.when = Fixed{time(), entry.zone, {upto(5) == 0 ? upto(3) : 0, seconds{900 * (1 + upto(20))}}};
        }
        if (upto(2) == 0) add_series(entry);
        return entry;
    }

    void add_series(Entry& entry) {
        local_seconds const start = entry.schedule.all_day() ? local_seconds{std::get<AllDay>(entry.schedule.when).first} : std::get<Fixed>(entry.schedule.when).start;
        unsigned const weekday = std::chrono::weekday{std::chrono::floor<std::chrono::days>(start)}.iso_encoding();
        RecurrenceRule rule;
        rule.frequency = static_cast<RecurrenceRule::Frequency>(upto(4));
        rule.interval = 1 + upto(3);
        if (upto(2) == 0) rule.count = 1 + upto(30);
        else rule.until = start + std::chrono::days{upto(600)};
        using enum RecurrenceRule::Frequency;
        if (rule.frequency == weekly && upto(2) == 0) rule.by_day = {{0, weekday}, {0, 1 + weekday % 7}};
        if (rule.frequency == monthly && upto(2) == 0) rule.by_day = {{std::vector{-1, 1, 2, 3}[static_cast<std::size_t>(upto(4))], weekday}};
        if (rule.frequency == monthly && rule.by_day.empty() && upto(3) == 0) rule.by_month_day = {-1 - upto(3)};
        if (rule.frequency == monthly && !rule.by_day.empty() && upto(3) == 0) rule.by_day[0].nth = 0, rule.by_set_position = {1 + upto(2)};
        entry.schedule.recurrence = Recurrence{{rule}, {}};
        auto const all = occurrences(entry.schedule, sys_seconds::min(), sys_seconds::max(), 40);
        for (int i = upto(3); i > 0 && !all.empty(); --i) {
            Override& change = entry.schedule.recurrence->overrides[all[static_cast<std::size_t>(upto(static_cast<int>(all.size())))].id];
            if (upto(2) == 0) {
                change = {};
                change.excluded = true;
            } else if (!change.excluded) {
                change.title = words();
                if (entry.schedule.fixed()) change.start = time();
            }
        }
    }

    std::mt19937 random_;
    std::vector<std::string> zones_;
};

}  // namespace convoke::calendar
