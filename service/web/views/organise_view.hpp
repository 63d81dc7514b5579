// The secretariat's desk: pages/organise_community.html, pages/organise_event.html, pages/fix_date.html. Pure.
#pragma once

#include "service/domain/community.hpp"
#include "service/domain/mail.hpp"
#include "service/domain/mail_answer.hpp"
#include "service/domain/registration.hpp"
#include "service/web/views/event_words.hpp"
#include "service/web/views/form.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace convoke::web {

// What an organiser wants counted; the numbers of usecases::EventFigures.
struct Figures {
    std::int64_t invited = 0, confirmed = 0, waitlisted = 0, pending = 0, declined = 0, cancelled = 0;
    std::int64_t mails_sent = 0, mails_open = 0, mails_failed = 0;
};

std::string organise_path(std::string_view slug);
std::string organise_path(std::string_view slug, std::int64_t event_id);

struct OrganisedEvent {
    domain::Event event;
    Figures figures;
};
// `webhooks`: rows of desk_notes.hpp.
Data organise_community_view(Reader const& reader, std::string const& slug, std::vector<OrganisedEvent> const& events,
                             std::vector<Data> const& webhooks = {});

struct OrganiseEventFacts {
    std::string slug;
    domain::Event event;
    Figures figures;
    std::vector<domain::Registration> registrations;
    std::vector<domain::OutboxMail> mails;
    std::string more_registrations, more_mails;  // links to the next part, "" for the last
    std::vector<domain::MailAnswer> answers = {};  // that came by mail and changed nothing, the newest first
    std::string more_answers = {};
    std::int64_t automatic_answers = 0;  // not among them
};
Data organise_event_view(Reader const& reader, OrganiseEventFacts const& facts);

// Fixing the date of a provisional event, or moving a fixed one.
struct FixDateFacts {
    std::string slug;
    domain::Event event;
    std::map<std::string, std::string> entered;
    FormErrors errors;
};
Data fix_date_view(Reader const& reader, FixDateFacts const& facts);
std::map<std::string, std::string> fix_date_fields();

}  // namespace convoke::web
