// The linter finds a planted fault of every rule and nothing else, and is silent on what our writers make.
#include "calendar/lint.hpp"

#include "random_entry.hpp"

#include <set>

using namespace convoke;
using namespace convoke::calendar;

namespace {

std::set<std::string> rules_in(std::vector<Finding> const& findings) {
    std::set<std::string> out;
    for (auto const& finding : findings) out.insert(finding.rule);
    return out;
}
std::string shown(std::vector<Finding> const& findings) {
    std::string out;
    for (auto const& f : findings)
        out += f.rule + " line " + std::to_string(f.line) + (f.severity == Severity::error ? " error: " : " warning: ") + f.problem + "; " + f.remedy + "\n";
    return out;
}

Entry in_dublin() {
    Entry entry = an_entry();
    entry.schedule.when = Fixed{at("2026-06-17T10:00:00"), "Europe/Dublin", {0, seconds{9000}}};
    return entry;
}
Entry weekly() {
    Entry entry = an_entry();
    RecurrenceRule rule;
    rule.count = 10;
    rule.by_day = {{0, 3}};
    entry.schedule.recurrence = Recurrence{{rule}, {{at("2026-06-24T10:00:00"), Override{.excluded = true}}}};
    return entry;
}
Entry whole_days() {
    Entry entry = an_entry();
    entry.schedule.when = AllDay{on("2026-05-21"), 2, "Europe/Rome"};
    return entry;
}
Entry window() {
    Entry entry = an_entry();
    entry.schedule.when = Provisional{on("2026-10-01"), on("2026-10-31")};
    entry.transparent = true;
    return entry;
}
FeedHead a_head() {
    FeedHead head;
    head.uid = "cal-cop-mi@events.example";
    head.name = "CoP MI";
    head.description = "Events";
    head.zone = "Europe/Dublin";
    head.url = "https://events.example/c/cop-mi";
    head.language = "en";
    head.last_modified = utc("2026-02-01T12:30:00");
    return head;
}
std::string unfolded(std::string text);
std::string feed(Entry const& entry) { return unfolded(feed_text(a_head(), std::vector<Entry>{entry})); }
std::string feed_of_two() {
    Entry second = whole_days();
    second.uid = "a@events.example";
    return unfolded(feed_text(a_head(), std::vector<Entry>{an_entry(), second}));
}
std::string request(Entry const& entry) { return unfolded(request_text(entry, an_organizer(), an_attendee(), utc("2026-02-01T12:31:00"))); }
std::string cancel() { return unfolded(cancel_text(an_entry(), an_organizer(), an_attendee(), true, utc("2026-02-01T12:31:00"))); }
std::string reply() {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:k3m9x2@events.example\r\n"
           "DTSTAMP:20260202T101112Z\r\nSEQUENCE:0\r\nORGANIZER;CN=CoP:mailto:rsvp+7f3a@events.example\r\n"
           "ATTENDEE;PARTSTAT=ACCEPTED:mailto:aoife@org.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}
LintContext as_mailed() { return {LintContext::Profile::invitation, "REQUEST", "aoife@org.example", "rsvp+7f3a@events.example"}; }

// Plants are made in whole lines.
std::string unfolded(std::string text) {
    for (std::size_t found; (found = text.find("\r\n ")) != std::string::npos;) text.erase(found, 3);
    return text;
}
std::string folded(std::string const& text) {
    std::string out;
    std::size_t length = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const character_begins = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
        if (length >= 70 && character_begins && text[i] != '\r' && text[i] != '\n') out += "\r\n ", length = 1;
        length = text[i] == '\n' ? 0 : text[i] == '\r' ? length : length + 1;
        out += text[i];
    }
    return out;
}

struct Plant {
    std::string rule, text;
    LintContext context = {};
};
std::string swapped_labels(std::string text) {
    for (auto const& [from, to] : {std::pair{"DAYLIGHT", "XX"}, {"STANDARD", "DAYLIGHT"}, {"XX", "STANDARD"}})
        for (std::size_t found; (found = text.find(std::string(":") + from)) != std::string::npos;)
            text.replace(found + 1, std::string_view(from).size(), to);
    return text;
}
std::string without(std::string text, std::string const& begin, std::string const& end) {
    auto const a = text.find(begin), b = text.find(end, a);
    REQUIRE(a != std::string::npos);
    REQUIRE(b != std::string::npos);
    return text.erase(a, b + end.size() - a);
}

// Each rule's fault, planted into a text that is right. A plant may be one of several for a rule.
std::vector<Plant> plants() {
    std::string const r = request(an_entry()), all_day = request(whole_days()), series = request(weekly()), f = feed(an_entry());
    std::string const alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:x\r\nEND:VALARM\r\n";
    auto const zone = [&](std::string const& from, std::string const& to) { return replaced(r, from, to); };
    std::string const brussels = r.substr(r.find("BEGIN:VTIMEZONE"), r.find("BEGIN:VEVENT") - r.find("BEGIN:VTIMEZONE"));
    std::string const standard = r.substr(r.find("BEGIN:STANDARD"), r.find("END:VTIMEZONE") - r.find("BEGIN:STANDARD"));
    std::string const event = r.substr(r.find("BEGIN:VEVENT"), r.find("END:VCALENDAR") - r.find("BEGIN:VEVENT"));
    std::string const whole = folded(r);
    std::string bare = whole;
    bare.erase(bare.find('\r'), 1);
    return {
        {"M2", r, {LintContext::Profile::invitation, "CANCEL", "", ""}},
        {"M3", replaced(r, "METHOD:REQUEST\r\n", "METHOD:REQUEST\r\nMETHOD:REQUEST\r\n")},
        {"M3", replaced(reply(), "METHOD:REPLY", "METHOD:PUBLISH"), {LintContext::Profile::invitation, "", "", ""}},
        {"M3", r + r},
        {"M5", bare},
        {"M5", " " + whole},
        {"M5", "\xEF\xBB\xBF" + whole},
        {"M5", whole.substr(0, whole.size() - 2)},
        {"M5", replaced(whole, "END:VEVENT\r\n", "END:VEVENT\r\n\r\n")},
        {"M5", replaced(whole, "SUMMARY:", "SUMMARY:" + std::string(80, 'x'))},
        {"M5", replaced(whole, "SUMMARY:", "SUMMARY:\xC3\r\n \xB6")},
        {"M9", r, {LintContext::Profile::invitation, "", "someone@else.example", ""}},
        {"M9", without(r, "ATTENDEE;", "mailto:aoife@org.example\r\n")},
        {"M9", replaced(r, "mailto:aoife@org.example", "mailto:rsvp+7f3a@events.example")},
        {"S1", replaced(r, "UID:k3m9x2@events.example", "UID:k3m9x2")},
        {"S1", replaced(r, "UID:k3m9x2@events.example", "UID:Größe@events.example")},
        {"S1", replaced(r, "UID:k3m9x2@events.example\r\n", "")},
        {"S1", replaced(r, event, event + replaced(event, "UID:k3m9x2", "UID:other"))},
        {"S2", replaced(r, "SEQUENCE:0\r\n", "")},
        {"S2", replaced(r, "SEQUENCE:0", "SEQUENCE:99999999999")},
        {"S3", replaced(r, "DTSTAMP:20260201T123100Z", "DTSTAMP:20260201T123100")},
        {"S3", replaced(f, "DTSTAMP:20260201T123000Z\r\n", "")},
        {"S5", without(r, "DTEND;", "\r\n")},
        {"S5", replaced(without(r, "DTEND;", "\r\n"), "SEQUENCE:0\r\n", "SEQUENCE:0\r\nDURATION:PT2H\r\n")},
        {"S5", without(r, "SUMMARY", "\r\n")},
        {"S5", replaced(replaced(replaced(r, "STATUS:CONFIRMED", "STATUS:CANCELLED"), "OPAQUE", "TRANSPARENT"), "BUSYSTATUS:BUSY", "BUSYSTATUS:FREE")},
        {"S6", without(r, "ORGANIZER;", "mailto:rsvp+7f3a@events.example\r\n")},
        {"S6", replaced(r, "ORGANIZER;", "ORGANIZER;SENT-BY=\"mailto:a@b.example\";\r\n ")},
        {"S6", replaced(r, "ORGANIZER;CN=\"CoP Migrant Integration\"", "ORGANIZER")},
        {"S7", replaced(r, ";RSVP=TRUE", "")},
        {"S7", replaced(r, "ROLE=REQ-PARTICIPANT", "ROLE=REQ_PARTICIPANT")},
        {"S7", replaced(r, "PARTSTAT=NEEDS-ACTION", "PARTSTAT=CONFIRMED")},
        {"S8", replaced(cancel(), "STATUS:CANCELLED", "STATUS:TENTATIVE")},
        {"S8", without(cancel(), "SUMMARY", "\r\n")},
        {"S9", r, {LintContext::Profile::invitation, "", "", "rsvp+other@events.example"}},
        {"S10", replaced(all_day, "SEQUENCE:0\r\n", "SEQUENCE:0\r\nRECURRENCE-ID:20260521T100000Z\r\n")},
        {"S10", replaced(r, event, event + replaced(event, "SEQUENCE:0\r\n", "SEQUENCE:0\r\nRECURRENCE-ID;TZID=Europe/Brussels:20260617T100000\r\n"))},
        {"S11", without(replaced(series, "FREQ=WEEKLY;COUNT=10;BYDAY=WE", "FREQ=MONTHLY;COUNT=10;BYDAY=WE;BYSETPOS=3"), "EXDATE", "\r\n")},
        {"S11", without(replaced(series, "FREQ=WEEKLY;COUNT=10;BYDAY=WE", "FREQ=HOURLY;COUNT=10"), "EXDATE", "\r\n")},
        {"S11", replaced(r, "SEQUENCE:0\r\n", "SEQUENCE:0\r\nRDATE;TZID=Europe/Brussels:20260620T100000\r\n")},
        {"S13", replaced(r, "CONFERENCE;VALUE=URI;", "CONFERENCE;")},
        {"S13", replaced(r, "CATEGORIES:", "X-GOOGLE-CONFERENCE:https://meet.example/abc\r\nCATEGORIES:")},
        {"S13", replaced(r, "CATEGORIES:", "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://meet.example/abc\r\nCATEGORIES:")},
        {"S14", replaced(r, "DESCRIPTION:", "DESCRIPTION:<p>x</p>")},
        {"S15", replaced(r, "SUMMARY:", "SUMMARY:a, b; ")},
        {"S15", replaced(r, "SUMMARY:", "SUMMARY:a\x07")},
        {"S15", replaced(r, "URL:https://events.example/e/", "URL:https://events.example/e x/")},
        {"Z2", replaced(r, "DTSTART;TZID=Europe/Brussels:20260617T100000", "DTSTART;TZID=Europe/Brussels:20260329T023000")},
        {"Z3", replaced(r, brussels, "")},
        {"Z3", replaced(r, brussels, brussels + brussels)},
        {"Z3", replaced(r, brussels + event, event + brussels)},
        {"Z3", replaced(replaced(r, brussels, ""), "DTSTART;TZID=Europe/Brussels:20260617T100000\r\nDTEND;TZID=Europe/Brussels:20260617T123000",
                        "DTSTART;TZID=UTC:20260617T100000\r\nDTEND;TZID=UTC:20260617T123000")},
        {"Z4", [&] {
             std::string out = r;
             for (std::size_t found; (found = out.find("TZID=Europe")) != std::string::npos;) out.replace(found, 11, "TZID=/example.org/Europe");
             return replaced(out, "TZID:Europe", "TZID:/example.org/Europe");
         }()},
        {"Z5", replaced(r, "DTSTART;TZID=Europe/Brussels:", "DTSTART:")},
        {"Z5", replaced(r, "DTSTART;TZID=Europe/Brussels:20260617T100000", "DTSTART:20260617T080000Z")},
        {"Z6", replaced(r, standard, standard + standard)},
        {"Z6", zone("BYMONTH=3;BYDAY=-1SU", "BYMONTH=3;BYDAY=-1SU;UNTIL=20370101T000000Z")},
        {"Z6", zone("BYMONTH=3;BYDAY=-1SU", "BYMONTH=3;BYDAY=SU;BYMONTHDAY=25,26,27,28,29,30,31")},
        {"Z6", zone("TZID:Europe/Brussels", "TZID:Europe/Brussels\r\nX-LIC-LOCATION:Europe/Brussels")},
        {"Z7", replaced(replaced(request([] {
                            Entry entry = an_entry();
                            entry.schedule.when = Fixed{at("2026-06-17T10:00:00"), "Asia/Tokyo", {0, seconds{9000}}};
                            return entry;
                        }()), "END:STANDARD", "RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=1SU\r\nEND:STANDARD"), "x", "x")},
        {"Z8", zone("TZOFFSETTO:+0100", "TZOFFSETTO:+010000")},
        {"Z9", swapped_labels(request(in_dublin()))},
        {"Z10", zone("END:STANDARD", "RDATE:20271031T030000\r\nEND:STANDARD")},
        {"Z10", zone("END:STANDARD", "RDATE:19961027T030000,20271031T010000Z\r\nEND:STANDARD")},
        {"F5", replaced(f, "DTSTAMP:20260201T123000Z", "DTSTAMP:20260202T123000Z")},
        {"F5", [] {
             std::string out = feed_of_two();
             auto const first = out.find("BEGIN:VEVENT"), second = out.find("BEGIN:VEVENT", first + 1), end = out.find("END:VCALENDAR");
             return out.substr(0, first) + out.substr(second, end - second) + out.substr(first, second - first) + out.substr(end);
         }()},
        {"F6", replaced(f, "X-PUBLISHED-TTL:PT1H\r\n", "")},
        {"F6", replaced(f, "SEQUENCE:0\r\n", "SEQUENCE:0\r\nATTENDEE:mailto:aoife@org.example\r\n")},
        {"F9", replaced(f, "STATUS:CONFIRMED", "STATUS:CANCELLED")},
        {"F10", replaced(f, "BUSYSTATUS:BUSY", "BUSYSTATUS:FREE")},
        {"F11", replaced(series, "EXDATE;TZID=Europe/Brussels:20260624T100000", "EXDATE;TZID=Europe/Brussels:20260624T110000")},
        {"F11", replaced(series, "EXDATE;TZID=Europe/Brussels:20260624T100000", "EXDATE;VALUE=DATE:20260624")},
        {"F11", replaced(series, "EXDATE;TZID=Europe/Brussels:20260624T100000", "EXDATE;TZID=Europe/Brussels:20260624T100000,20260701T100000")},
        {"F12", replaced(all_day, "DTEND;VALUE=DATE:20260523", "DTEND;VALUE=DATE:20260521")},
        {"F12", replaced(all_day, "DTEND;VALUE=DATE:20260523", "DTEND:20260523T100000Z")},
        {"F12", replaced(all_day, "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\n", "")},
        {"F13", replaced(feed(window()), "STATUS:TENTATIVE", "STATUS:CONFIRMED")},
        {"F13", replaced(r, "CATEGORIES:", "CATEGORIES:PROVISIONAL,")},
        {"F14", replaced(f, "END:VEVENT", replaced(alarm, "DISPLAY", "EMAIL") + "END:VEVENT")},
        {"F14", replaced(f, "END:VEVENT", alarm + alarm + "END:VEVENT")},
        {"F14", replaced(f, "END:VEVENT", replaced(alarm, "-PT15M", "PT15M") + "END:VEVENT")},
        {"F14", replaced(r, "END:VEVENT", alarm + "END:VEVENT")},
        {"F15", [&] {
             std::string comments;
             for (int i = 0; i < 20'000; ++i) comments += "COMMENT:" + std::string(60, 'x') + "\r\n";
             return replaced(f, "SEQUENCE:0\r\n", "SEQUENCE:0\r\n" + comments);
         }()},
        {"F16", replaced(r, "URL:https://", "URL:http://")},
        {"F16", replaced(r, "URL:https://events.example/e/k3m9x2", "URL:javascript:alert(1)")},
        {"RFC 5545 §3.1", replaced(r, "SUMMARY", "SUMMARY\r\nstray words\r\nSUMMARY")},
        {"RFC 5545 §3.1", replaced(r, "TRANSP", "X-A;CN=\"open:x\r\nTRANSP")},
        {"RFC 5545 §3.1", replaced(r, "SUMMARY:", "SUMMARY:\xFF")},
        {"RFC 5545 §3.3.5", replaced(r, "DTEND;TZID=Europe/Brussels:20260617T123000", "DTEND;TZID=Europe/Brussels:20260231T123000")},
        {"RFC 5545 §3.3.5", replaced(r, "DTEND;TZID=Europe/Brussels:20260617T123000", "DTEND;TZID=Europe/Brussels:20260617T123000Z")},
        {"RFC 5545 §3.3.6", replaced(without(series, "DTEND;", "\r\n"), "SEQUENCE:0\r\n", "SEQUENCE:0\r\nDURATION:two hours\r\n")},
        {"RFC 5545 §3.3.10", replaced(series, "COUNT=10", "COUNT=10;UNTIL=20261231T000000Z")},
        {"RFC 5545 §3.3.10", replaced(series, "COUNT=10", "UNTIL=20261231T000000")},
        {"RFC 5545 §3.3.10", replaced(series, "FREQ=WEEKLY;", "FREQ=NEVER;")},
        {"RFC 5545 §3.4", replaced(r, "END:VEVENT\r\n", "")},
        {"RFC 5545 §3.4", r + "DESCRIPTION:more\r\n"},
        {"RFC 5545 §3.6", replaced(r, "VERSION:2.0\r\n", "")},
        {"RFC 5545 §3.6", replaced(r, event, "")},
        {"RFC 5545 §3.6.1", replaced(r, "TRANSP:OPAQUE\r\n", "TRANSP:OPAQUE\r\nTRANSP:OPAQUE\r\n")},
        {"RFC 5545 §3.6.1", replaced(r, "SEQUENCE:0\r\n", "SEQUENCE:0\r\nDURATION:PT2H30M\r\n")},
        {"RFC 5545 §3.6.5", zone("TZOFFSETTO:+0200", "TZOFFSETTO:+0300")},
        {"RFC 5545 §3.6.5", zone("TZOFFSETTO:+0200\r\n", "")},
        {"RFC 5545 §3.8.1.11", replaced(r, "STATUS:CONFIRMED", "STATUS:MAYBE")},
        {"RFC 5545 §3.8.2.2", replaced(r, "DTEND;TZID=Europe/Brussels:20260617T123000", "DTEND;TZID=Europe/Brussels:20260617T093000")},
        {"RFC 5545 §3.8.2.7", replaced(r, "TRANSP:OPAQUE", "TRANSP:SOLID")},
        {"RFC 5545 §3.8.5.3", without(replaced(series, "BYDAY=WE", "BYDAY=TH"), "EXDATE", "\r\n")},
        {"RFC 5545 §3.8.7", replaced(r, "CREATED:20260110T090000Z", "CREATED:20260110T090000")},
        {"RFC 5546 §3.2.3", replaced(reply(), ";PARTSTAT=ACCEPTED", "")},
        {"RFC 5546 §3.2.3", replaced(reply(), "ATTENDEE;PARTSTAT=ACCEPTED:mailto:aoife@org.example\r\n",
                                     "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:c@b.example\r\n")},
    };
}

}  // namespace

TEST_CASE("the linter finds a planted fault of every rule, and only that") {
    std::set<std::string> planted;
    for (auto const& plant : plants()) {
        auto const text = plant.rule == "M5" ? plant.text : folded(plant.text);
        INFO(plant.rule << "\n" << text.substr(0, 4000));
        auto const found = lint(text, plant.context);
        INFO(shown(found));
        CHECK(rules_in(found) == std::set<std::string>{plant.rule});
        planted.insert(plant.rule);
    }
    for (auto const& rule : lint_rules()) {
        INFO(rule.rule);
        CHECK(planted.contains(std::string(rule.rule)));
    }
    CHECK(planted.size() == lint_rules().size());
}

TEST_CASE("the linter is silent on what we write") {
    std::vector<Finding> found;
    for (Entry const& entry : {an_entry(), in_dublin(), weekly(), whole_days()}) {
        found = lint(request_text(entry, an_organizer(), an_attendee(), utc("2026-02-01T12:31:00")), as_mailed());
        CHECK(shown(found) == "");
        found = lint(feed_text(a_head(), std::vector<Entry>{entry}));
        CHECK(shown(found) == "");
        LintContext mailed = as_mailed();
        mailed.method = "CANCEL";
        found = lint(cancel_text(entry, an_organizer(), an_attendee(), true, utc("2026-02-01T12:31:00")), mailed);
        CHECK(shown(found) == "");
        found = lint(cancel_text(entry, an_organizer(), an_attendee(), false, utc("2026-02-01T12:31:00")), mailed);
        CHECK(shown(found) == "");
    }
    CHECK(shown(lint(folded(feed(window())))) == "");
    CHECK(shown(lint(folded(feed_of_two()))) == "");
    CHECK(shown(lint(reply())) == "");
}

TEST_CASE("the linter names the line and says nothing about people") {
    auto const text = folded(replaced(request(an_entry()), ";RSVP=TRUE", ""));
    auto const found = lint(text);
    REQUIRE(found.size() == 1);
    std::size_t line = 1;
    for (std::size_t i = 0; i < text.find("ATTENDEE;"); ++i) line += text[i] == '\n';
    CHECK(found[0].line == line);
    CHECK(first_error(found).find("aoife") == std::string::npos);
    CHECK(first_error(found).starts_with("S7, line " + std::to_string(line)));
    CHECK(first_error({}).empty());
}

TEST_CASE("the linter has no error against entries nobody would think of, in every zone") {
    RandomEntries entries(11);
    for (std::size_t i = 0; i < scaled(300, 2000, 100000); ++i) {
        Entry const entry = entries.next();
        auto const now = utc("2026-01-02T03:04:05");
        std::vector<std::string> texts{feed_text(a_head(), std::vector<Entry>{entry})};
        if (!entry.schedule.provisional()) {
            if (entry.status != EntryStatus::cancelled) texts.push_back(request_text(entry, an_organizer(), an_attendee(), now));
            texts.push_back(cancel_text(entry, an_organizer(), an_attendee(), i % 2 == 0, now));
        }
        for (auto const& text : texts) {
            INFO(text);
            auto const found = lint(text);
            CHECK(first_error(found) == "");
            // A changed date may begin in the hour that clocks repeat; a changed series goes whole to who is new.
            for (auto const& finding : found) CHECK((finding.rule == "Z2" || finding.rule == "S10" || finding.rule == "F15"));
        }
    }
}
