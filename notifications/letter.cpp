#include "notifications/letter.hpp"

#include "calendar/lint.hpp"
#include "calendar/words.hpp"
#include "notifications/letter_check.hpp"
#include "notifications/letter_words.hpp"
#include "notifications/mime.hpp"

namespace convoke::notifications {
namespace {

// What kind of calendar message a letter carries; reminders never do (clients would ask again).
char const* method_of(LetterFacts const& facts) {
    if (!facts.carries_calendar) return "";
    switch (facts.kind) {
        case LetterKind::invitation:
        case LetterKind::update:
        case LetterKind::confirmation: return "REQUEST";
        case LetterKind::cancellation:
        case LetterKind::declined: return "CANCEL";
        default: return "";
    }
}

// Who is out of an event does not get its join link again (design §4.6).
calendar::Entry without_link(calendar::Entry entry) {
    entry.description.clear();
    entry.conference_uri.clear();
    entry.conference_label.clear();
    if (entry.location.find("://") != std::string::npos) entry.location.clear();
    return entry;
}

result<std::string> calendar_part(LetterFacts const& facts, std::string_view method, calendar::sys_seconds now) {
    if (facts.entry.schedule.provisional()) {
        return Failure(errc::event_provisional, "a provisional event has no hour: no invitation can be made of it");
    }
    auto attendee = facts.attendee;
    if (facts.kind == LetterKind::confirmation) attendee.partstat = "ACCEPTED";
    const bool whole = facts.kind == LetterKind::cancellation && facts.whole_event;
    auto ics = facts.date && method == "REQUEST"
                   ? calendar::request_date_text(facts.entry, *facts.date, facts.organizer, attendee, now)
               : facts.date ? calendar::cancel_date_text(without_link(facts.entry), *facts.date, facts.organizer, attendee, now)
               : method == "REQUEST"
                   ? calendar::request_text(facts.entry, facts.organizer, attendee, now)
                   : calendar::cancel_text(without_link(facts.entry), facts.organizer, attendee, whole, now);
    // The gate: nothing leaves that some program would show at a wrong hour or not at all.
    const auto findings = calendar::lint(ics, {calendar::LintContext::Profile::invitation, std::string(method), attendee.address,
                                               facts.organizer.address});
    if (auto fault = calendar::first_error(findings); !fault.empty()) {
        return Failure(errc::invalid_value, "the calendar part is refused by " + fault);
    }
    return ics;
}

calendar::WhenWords when_of(LetterFacts const& facts, std::string const& language, calendar::sys_seconds now) {
    if (facts.kind == LetterKind::sign_in) return {};
    return calendar::say_when(facts.schedule, facts.recipient_zone, language, now);
}

}  // namespace

result<LetterText> write_letter(LetterFacts const& given, rendering::Templates const& templates, calendar::sys_seconds now) {
    CONVOKE_CHECK(check_letter(given));
    LetterFacts facts = given;
    if (!calendar::zone_exists(facts.recipient_zone)) {
        facts.recipient_zone = facts.schedule.provisional() ? facts.entry.zone : calendar::zone_of(facts.schedule);
        if (!calendar::zone_exists(facts.recipient_zone)) facts.recipient_zone = "Europe/Brussels";
    }
    LetterText letter;
    letter.language = templates.catalogue().match(facts.recipient_language);
    const auto when = when_of(facts, letter.language, now);
    letter.subject = subject_of(facts, when, templates.catalogue(), letter.language);
    const auto data = letter_data(facts, when, letter.subject, templates.catalogue(), letter.language, now);
    const auto name = "letters/" + std::string(name_of(facts.kind));
    letter.text = templates.render(name + ".txt", letter.language, data);
    letter.html = templates.render(name + ".html", letter.language, data);
    letter.method = method_of(facts);
    if (!letter.method.empty()) {
        CONVOKE_TRY(ics, calendar_part(facts, letter.method, now));
        letter.ics = std::move(ics);
    }
    return letter;
}

result<Mail> compose(LetterFacts const& facts, rendering::Templates const& templates, calendar::sys_seconds now) {
    CONVOKE_TRY(letter, write_letter(facts, templates, now));
    MimeHead head;
    head.from = {one_line(facts.from_name, 120), facts.from_address};
    head.to = {one_line(facts.recipient_name, 120), facts.recipient_address};
    if (!facts.reply_to.empty()) head.reply_to = Mailbox{head.from.name, facts.reply_to};
    head.subject = letter.subject;
    head.message_id = facts.message_id;
    head.in_reply_to = facts.in_reply_to;
    head.date = now;
    head.language = letter.language;
    if (facts.kind == LetterKind::reminder) head.list_unsubscribe_url = facts.list_unsubscribe_url;

    Mail mail;
    mail.from = facts.envelope_from.empty() ? facts.from_address : facts.envelope_from;
    mail.to = facts.recipient_address;
    mail.subject = letter.subject;
    mail.message_id = facts.message_id;
    mail.bytes = mime_text(head, letter);
    if (const auto faults = faults_of_mail(mail.bytes); !faults.empty()) {
        return Failure(errc::internal, "the mail is not right: " + faults.front());
    }
    return mail;
}

}  // namespace convoke::notifications
