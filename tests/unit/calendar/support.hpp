// What several calendar tests use: golden files, shared additions, times written shortly.
#pragma once

#include "calendar/entry.hpp"
#include "calendar/lint.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

// How Catch2 shows what our tests compare.
template <class T>
struct Catch::StringMaker<convoke::result<T>> {
    static std::string convert(convoke::result<T> const& r) {
        return r ? "a value" : std::string(convoke::slug(r.error().code)) + ": " + r.error().detail;
    }
};
template <>
struct Catch::StringMaker<std::chrono::local_seconds> {
    static std::string convert(std::chrono::local_seconds t) { return convoke::calendar::format_local(t); }
};
template <>
struct Catch::StringMaker<std::chrono::local_days> {
    static std::string convert(std::chrono::local_days t) { return convoke::calendar::format_date(t); }
};
template <>
struct Catch::StringMaker<std::chrono::sys_seconds> {
    static std::string convert(std::chrono::sys_seconds t) { return convoke::calendar::format_instant(t); }
};

namespace convoke::calendar {

inline local_seconds at(std::string_view text) {
    return parse_local(text).value();
}
inline local_days on(std::string_view text) {
    return parse_date(text).value();
}
inline sys_seconds utc(std::string_view text) { return sys_seconds{at(text).time_since_epoch()}; }

inline std::string file_text(std::filesystem::path const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// What keeps a text from being sent; empty for everything we write.
inline std::vector<std::string> faults_of(std::string_view ics) {
    std::vector<std::string> out;
    for (auto const& f : lint(ics))
        if (f.severity == Severity::error) out.push_back(f.rule + ", line " + std::to_string(f.line) + ": " + f.problem);
    return out;
}

// Golden files hold LF; that every line ends with CRLF is faults_of's business. CONVOKE_WRITE_GOLDEN=1 rewrites them.
inline void check_golden(std::string const& name, std::string text) {
    std::string plain;
    for (char c : text)
        if (c != '\r') plain += c;
    std::filesystem::path const path = std::filesystem::path(CONVOKE_SOURCE_DIR) / "tests/unit/calendar/golden" / name;
    if (std::getenv("CONVOKE_WRITE_GOLDEN")) std::ofstream(path, std::ios::binary) << plain;
    CHECK(plain == file_text(path));
}

inline std::filesystem::path shared_fixtures() { return std::filesystem::path(CONVOKE_SOURCE_DIR) / "../shared/fixtures"; }

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    auto const found = text.find(from);
    REQUIRE(found != std::string::npos);
    return text.replace(found, from.size(), to);
}

// An online event as most of them are.
inline Entry an_entry() {
    Entry entry;
    entry.uid = "k3m9x2@events.example";
    entry.created = utc("2026-01-10T09:00:00");
    entry.last_modified = utc("2026-02-01T12:30:00");
    entry.schedule.when = Fixed{at("2026-06-17T10:00:00"), "Europe/Brussels", {0, seconds{9000}}};
    entry.zone = "Europe/Brussels";
    entry.summary = "Labour market paths; what works, what does not";
    entry.description = "https://meet.example/abc\nInterpretation: français, Ελληνικά.";
    entry.location = "https://meet.example/abc";
    entry.url = "https://events.example/e/k3m9x2";
    entry.conference_uri = "https://meet.example/abc";
    entry.conference_label = "Plenary room";
    entry.categories = {"Community of practice", "Study, visit"};
    return entry;
}
inline Organizer an_organizer() { return {"rsvp+7f3a@events.example", "CoP Migrant Integration"}; }
inline Attendee an_attendee() { return {"aoife@org.example", "Aoife Ní Bhriain", "NEEDS-ACTION", true}; }

}  // namespace convoke::calendar
