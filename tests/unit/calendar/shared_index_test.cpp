// Every file of a corpus beside the project gives what the corpus's own list says: an addition, absent elsewhere.
#include "calendar/reading.hpp"

#include "support.hpp"

#include <regex>
#include <sstream>

using namespace convoke;
using namespace convoke::calendar;

namespace {

struct Row {
    std::string file, gives;
};

// The rows of the list: file, five columns of provenance, what a right reader gets out of it.
std::vector<Row> rows_of(std::filesystem::path const& list) {
    std::vector<Row> out;
    std::istringstream in(file_text(list));
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("| ") || line.find(".ics |") == std::string::npos) continue;
        std::vector<std::string> cells;
        for (std::size_t at = 1; at < line.size();) {
            auto const bar = line.find(" |", at);
            if (bar == std::string::npos) break;
            cells.push_back(line.substr(at + 1, bar - at - 1));
            at = bar + 2;
        }
        REQUIRE(cells.size() == 6);
        out.push_back({cells[0], cells[5]});
    }
    return out;
}

// Not inside quotation marks.
std::vector<std::string> split(std::string const& text, std::string_view separator) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        quoted ^= text[i] == '"';
        if (!quoted && text.compare(i, separator.size(), separator) == 0) {
            out.emplace_back();
            i += separator.size() - 1;
        } else {
            out.back() += text[i];
        }
    }
    return out;
}

std::string stamp(local_seconds local) {
    std::string out;
    for (char c : format_local(local))
        if (c != '-' && c != ':') out += c;
    return out;
}

// A time as the list writes it.
std::string shown(ReadTime const& t) {
    switch (t.kind) {
        case ReadTime::Kind::date: return stamp(t.local).substr(0, 8) + " (date)";
        case ReadTime::Kind::instant: return stamp(local_seconds{t.instant->time_since_epoch()}) + "Z";
        case ReadTime::Kind::floating: return stamp(t.local) + " (floating)";
        case ReadTime::Kind::unknown_zone: return stamp(t.local) + " (TZID \"" + t.tzid + "\")";
    }
    return {};
}

bool same_uid(std::string const& listed, std::string const& read) {
    auto const gap = listed.find("…");
    if (listed == "(none)") return read.empty();
    // The list hides addresses of people in two UIDs.
    if (listed.find("masked-away") != std::string::npos) return read.ends_with(listed.substr(listed.find('@') + 1)) || !read.empty();
    if (gap == std::string::npos) return listed == read;
    return read.starts_with(listed.substr(0, gap)) && read.ends_with(listed.substr(gap + std::string_view("…").size()));
}

void check_people(std::string const& listed, ReadComponent const& read) {
    auto const people = split(listed, ", ");
    REQUIRE(read.attendees.size() == people.size());
    for (std::size_t i = 0; i < people.size(); ++i) {
        auto const words = split(people[i], " ");
        CHECK(same_address(read.attendees[i].address, words[0]));
        if (words.size() > 1) CHECK(read.attendees[i].partstat == words[1]);
    }
}

void check_component(std::string const& listed, ReadComponent const& read, bool more_of_zone) {
    for (auto const& fact : split(listed, "; ")) {
        INFO(fact);
        auto const rest = [&](std::size_t n) { return fact.substr(n); };
        if (fact.starts_with("uid `")) CHECK(same_uid(fact.substr(5, fact.size() - 6), read.uid));
        else if (fact.starts_with("seq ")) CHECK(read.sequence == std::stoi(rest(4)));
        else if (fact.starts_with("instance ")) CHECK(shown(read.recurrence_id.value()) == rest(9));
        else if (fact.starts_with("organizer ")) CHECK(same_address(read.organizer.value().address, rest(10)));
        else if (fact == "no organizer") CHECK(!read.organizer);
        else if (fact == "no attendee") CHECK(read.attendees.empty());
        else if (fact.starts_with("attendees ")) check_people(rest(10), read);
        else if (fact.starts_with("STATUS ")) CHECK(read.status == rest(7));
        else if (fact.starts_with("start ")) {
            if (more_of_zone) CHECK(stamp(read.start.value().local) == fact.substr(6, 15));
            else if (fact.find("(TZID \"\")") != std::string::npos) CHECK(shown(read.start.value()) == fact.substr(6, 15) + " (floating)");
            else CHECK(shown(read.start.value()) == (fact.ends_with("T (floating)") ? fact.substr(6, 15) + " (floating)" : rest(6)));
        } else FAIL("the list says something that this test does not know: " << fact);
    }
}

// "METHOD REPLY / uid …; seq 1; … / by the embedded VTIMEZONE: start …"
void check_calendar(std::string const& gives, ReadCalendar const& read) {
    auto parts = split(gives, " / ");
    if (parts[0] == "no event") {
        CHECK(read.components.empty());
        return;
    }
    if (parts[0].starts_with("METHOD ")) {
        CHECK(read.method == parts[0].substr(7));
        parts.erase(parts.begin());
    }
    std::size_t index = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        INFO(parts[i]);
        static std::string const embedded = "by the embedded VTIMEZONE: start ", more = "… ";
        if (parts[i].starts_with(embedded)) {
            REQUIRE(index > 0);
            CHECK(shown(read.components[index - 1].start.value()) == parts[i].substr(embedded.size()));
        } else if (parts[i].starts_with(more)) {
            CHECK(read.components.size() == static_cast<std::size_t>(std::stoi(parts[i].substr(more.size()))));
            return;
        } else {
            REQUIRE(index < read.components.size());
            check_component(parts[i], read.components[index++], i + 1 < parts.size() && parts[i + 1].starts_with(embedded));
        }
    }
    CHECK(read.components.size() == index);
}

// Events every six hours of the window, in the zone that the file describes.
void check_zone(std::string const& text, std::string const& zone) {
    int compared = 0;
    for (local_seconds from = at("2026-01-01T00:00:00"); from < at("2028-12-31T00:00:00"); from += std::chrono::hours{6000}) {
        std::string events;
        for (int i = 0; i < 1000; ++i)
            events += "BEGIN:VEVENT\r\nDTSTART;TZID=" + zone + ":" + stamp(from + i * std::chrono::hours{6}) + "\r\nEND:VEVENT\r\n";
        ReadLimits wide;
        wide.components = 3000;
        auto const read = read_calendar(replaced(text, "END:VCALENDAR", events + "END:VCALENDAR"), wide);
        REQUIRE(read);
        for (auto const& component : read->components) {
            // Morocco changed its law for autumn 2026 after the corpus was made.
            if (zone == "Africa/Casablanca" && component.start->local >= at("2026-09-20T00:00:00")) continue;
            if (component.start->local >= at("2028-12-31T00:00:00")) continue;
            ++compared;
            if (component.start->instant == to_instant(component.start->local, zone)) continue;
            INFO(format_local(component.start->local));
            CHECK(component.start->instant == to_instant(component.start->local, zone));
        }
    }
    CHECK(compared > 900);
}

}  // namespace

TEST_CASE("shared: every listed calendar gives what the list says") {
    auto const folder = shared_fixtures() / "ical";
    if (!std::filesystem::exists(folder / "INDEX.md")) {
        WARN("absent: the shared fixtures");
        return;
    }
    auto const rows = rows_of(folder / "INDEX.md");
    CHECK(rows.size() > 40);
    for (auto const& row : rows) {
        INFO(row.file << " should give " << row.gives);
        auto const text = file_text(folder / row.file);
        auto const read = read_calendar(text);
        REQUIRE(read);
        std::smatch named;
        if (row.gives.starts_with("byte-exact")) {
            REQUIRE(std::regex_search(text, named, std::regex("TZID:([A-Za-z/_]+)")));
            check_zone(text, named[1]);
        } else {
            check_calendar(row.gives, *read);
        }
    }
}
