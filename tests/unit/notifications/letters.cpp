#include "letters.hpp"

namespace convoke::test {

using namespace notifications;
using namespace std::chrono;

rendering::Templates const& letter_templates() {
    static const rendering::Catalogue catalogue = rendering::letter_catalogue();
    static const auto templates = [] {
        auto made = std::make_unique<rendering::Templates>(catalogue);
        rendering::add_letter_templates(*made);
        return made;
    }();
    return *templates;
}

calendar::sys_seconds letter_now() { return sys_days{2026y / May / 4} + 7h; }

LetterFacts letter(LetterKind kind, std::string language) {
    LetterFacts facts;
    facts.kind = kind;
    facts.recipient_address = "aoife.byrne@example.ie";
    facts.recipient_name = "Aoife Ní Bhroin";
    facts.recipient_zone = "Europe/Dublin";
    facts.recipient_language = std::move(language);
    facts.community_name = "Migrant Integration & Work";
    facts.contact_email = "secretariat@community.example";
    facts.from_address = "rsvp+4f6c2d9a@events.example";
    facts.from_name = "Migrant Integration & Work";
    facts.envelope_from = "bounce+17@events.example";
    facts.reply_to = "rsvp+4f6c2d9a@events.example";
    facts.message_id = std::string("17.") + std::string(name_of(kind)) + "@events.example";
    if (kind == LetterKind::sign_in) {
        facts.sign_in_url = "https://events.example/sign-in/Zm9vYmFy";
        facts.deadline = letter_now() + 15min;
        return facts;
    }
    if (kind != LetterKind::invitation) facts.in_reply_to = "17.invitation@events.example";
    facts.event_title = "Labour market paths: what <works> & what doesn't";
    facts.event_kind = "study-visit";
    facts.event_format = "hybrid";
    facts.description = "Two towns show how they do it.\r\nBring questions.\n\nLunch is offered.";
    facts.place = "Palazzo di Città, Via Roma 1, Salerno";
    facts.schedule.when = calendar::Fixed{local_days{2026y / June / 17} + 10h, "Europe/Rome", {0, 2h + 30min}};
    facts.interpretation = {"it", "fr"};
    const bool sees_link = kind == LetterKind::invitation || kind == LetterKind::update ||
                           kind == LetterKind::confirmation || kind == LetterKind::reminder;
    if (sees_link) {
        facts.join_link = "https://meet.example/abc?x=1&y=2";
        facts.join_label = "Plenary room";
    }
    facts.event_url = "https://events.example/e/81";
    if (kind == LetterKind::invitation || kind == LetterKind::update) {
        facts.answer_url = "https://events.example/answer/Q0FGRQ";
        facts.feed_url = "https://events.example/feeds/c2VjcmV0.ics";
    }
    if (kind == LetterKind::confirmation || kind == LetterKind::waitlisted || kind == LetterKind::pending ||
        kind == LetterKind::reminder || kind == LetterKind::declined) {
        facts.manage_url = "https://events.example/registrations/QkVFRg";
    }
    if (kind == LetterKind::confirmation || kind == LetterKind::reminder) facts.attendance = "on-site";
    if (kind == LetterKind::update) facts.changes = {"10:00 → 10:30", "Salone dei Marmi → Palazzo di Città"};
    if (kind == LetterKind::cancellation || kind == LetterKind::refused) facts.reason = "The trains are on strike.";
    if (kind == LetterKind::waitlisted) facts.waitlist_position = 3;
    if (kind == LetterKind::offer || kind == LetterKind::address_check) {
        facts.deadline = letter_now() + 48h;
        facts.accept_url = "https://events.example/accept/RkFDRQ";
    }
    if (kind == LetterKind::reminder) facts.list_unsubscribe_url = "https://events.example/unsubscribe/VU5TVUI";

    facts.carries_calendar = kind == LetterKind::invitation || kind == LetterKind::update ||
                             kind == LetterKind::confirmation || kind == LetterKind::cancellation ||
                             kind == LetterKind::declined;
    facts.entry.uid = "81@events.example";
    facts.entry.sequence = kind == LetterKind::invitation || kind == LetterKind::confirmation ? 0 : 1;
    facts.entry.created = facts.entry.last_modified = letter_now() - 24h;
    facts.entry.schedule = facts.schedule;
    facts.entry.zone = "Europe/Rome";
    facts.entry.summary = facts.event_title;
    facts.entry.description = "https://meet.example/abc?x=1&y=2\nTwo towns show how they do it.";
    facts.entry.location = facts.place;
    facts.entry.url = facts.event_url;
    facts.entry.language = "en";
    facts.organizer = {"rsvp+4f6c2d9a@events.example", "Migrant Integration & Work"};
    facts.attendee.address = facts.recipient_address;
    facts.attendee.name = facts.recipient_name;
    return facts;
}

}  // namespace convoke::test
