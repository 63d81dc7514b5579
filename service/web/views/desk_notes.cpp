#include "service/web/views/desk_notes.hpp"

#include "calendar/series.hpp"
#include "calendar/words.hpp"

namespace convoke::web {

namespace {

using domain::MailAnswer;

constexpr std::size_t most_notes = 20;

std::string say_answer(Phrases const& say, std::string const& answer) {
    if (answer == "accepted") return say("Accepted");
    if (answer == "declined") return say("Declined");
    if (answer == "tentative") return say("Perhaps");
    if (answer == "delegated") return say("Sends somebody else");
    if (answer == "counter") return say("Proposes another time");
    if (answer == "refresh") return say("Asks for the invitation again");
    return {};
}

std::string say_reason(Phrases const& say, MailAnswer const& answer) {
    if (answer.reason == "another_sender") return say("It came from another address than the person's.");
    if (answer.reason == "unknown_link") return say("It did not come to the address that the invitation named for answers.");
    if (answer.reason == "late") return say("It was written before a newer decision on the page.");
    if (answer.reason == "proposes_another_time") return say("The person proposes another time.");
    if (answer.reason == "asks_again") return say("The person asks for the invitation again.");
    if (answer.reason == "delegates") return say("The person wants to send somebody else.");
    if (answer.reason == "bounce") return say("A mail could not be delivered.");
    if (answer.reason == "no_calendar") return say("Somebody wrote in words.");
    if (answer.reason == "event_full") return say("All seats were taken.");
    return say("It could not be understood, or could not be done.");
}

std::string say_advice(Phrases const& say, MailAnswer const& answer) {
    if (answer.state == "unverified")
        return say("It may be forged. Ask the person; if the answer is theirs, change the registration.");
    if (answer.reason == "late") return say("The newer decision stays. If this answer is the right one, change the registration.");
    if (answer.reason == "proposes_another_time") return say("Move the event, or tell the person that its time stays.");
    if (answer.reason == "asks_again") return say("Send the person the address of the event's page.");
    if (answer.reason == "delegates") return say("Register the other person, and cancel this registration.");
    if (answer.reason == "bounce") return say("Correct the person's address.");
    if (answer.reason == "event_full") return say("Add seats or a waiting list, or tell the person.");
    return say("Ask the person, and change the registration.");
}

std::string host_of(std::string const& url) {
    auto const begin = url.find("://");
    if (begin == std::string::npos) return url;
    return url.substr(begin + 3, url.find_first_of("/?#", begin + 3) - begin - 3);
}

}  // namespace

std::vector<Data> answer_rows(Reader const& reader, std::string const& zone, std::vector<MailAnswer> const& answers) {
    std::vector<Data> rows;
    for (MailAnswer const& answer : answers) {
        Data row;
        row.set("sender", answer.sender.empty() ? reader.say("nobody named") : answer.sender).set("comment", answer.comment);
        row.set("answer", say_answer(reader.say, answer.answer)).set("detail", answer.detail);
        row.set("time", calendar::say_instant(answer.received, zone, reader.say.language()));
        row.set("reason", say_reason(reader.say, answer)).set("advice", say_advice(reader.say, answer));
        row.set("tone", answer.state == "unverified" ? "stop" : "wait");
        row.set("state", answer.state == "unverified" ? reader.say("Suspicious") : answer.reason == "late" ? reader.say("Too late") : reader.say("For a person to read"));
        rows.push_back(row);
    }
    return rows;
}

std::vector<std::string> schedule_notes(Phrases const& say, domain::Event const& event) {
    auto const& schedule = event.definition.schedule;
    auto notes = calendar::say_touched_dates(schedule, say.language());
    if (notes.size() > most_notes) notes.resize(most_notes);
    if (calendar::too_many_dates_apart(schedule))
        notes.push_back(say.with("More than {n} dates of the series are changed: they go out in one mail with the series, which some versions of Outlook refuse.",
                                 {{"n", std::to_string(calendar::most_dates_apart)}}));
    return notes;
}

std::vector<Data> webhook_rows(Reader const& reader, std::string const& zone, std::vector<domain::Webhook> const& hooks) {
    std::vector<Data> rows;
    for (auto const& hook : hooks) {
        if (!hook.paused && !hook.failing_since) continue;
        Data row;
        row.set("host", host_of(hook.url)).set("reason", hook.reason);
        row.set("tone", hook.paused ? "stop" : "wait").set("state", hook.paused ? reader.say("Paused") : reader.say("Failing"));
        auto const since = hook.failing_since.value_or(hook.updated);
        row.set("since", calendar::say_instant(since, zone, reader.say.language()));
        row.set("advice", hook.paused ? reader.say("Nothing is sent or kept for it. When its receiver works again, set it to active through the API.")
                                      : reader.say("It is tried again by itself. After three days it is paused."));
        rows.push_back(row);
    }
    return rows;
}

}  // namespace convoke::web
