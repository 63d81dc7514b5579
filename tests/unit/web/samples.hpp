// A small community with events of every sort, dated around one fixed now.
#pragma once

#include "service/domain/community.hpp"
#include "service/domain/event.hpp"
#include "service/domain/mail.hpp"
#include "service/domain/registration.hpp"
#include "service/web/assets.hpp"
#include "service/web/views/phrases.hpp"

#include <string>
#include <vector>

namespace samples {

using namespace convoke;
using namespace std::chrono;

// 20 January 2026, 09:00 UTC.
inline constexpr sys_seconds now = sys_days(2026y / January / 20) + 9h;

// English, French and German with the pages' templates, as the service has them.
struct Words {
    rendering::Catalogue catalogue;
    rendering::Templates templates{catalogue};
    Words() {
        web::add_web_messages(catalogue);
        web::add_web_templates(templates);
    }
    web::Reader reader(std::string zone = "Europe/Dublin", std::string language = "en") const {
        return {web::Phrases(catalogue, std::move(language)), std::move(zone), now};
    }
};

domain::Community community();
domain::Programme programme();

domain::Event online_event();        // fixed, Brussels, with a link
domain::Event study_visit();         // two days in Salerno
domain::Event provisional_event();   // October 2026
domain::Event hybrid_event();        // seats, questions
domain::Event past_event();
domain::Event cancelled_event();
std::vector<domain::Event> year_of_events();

domain::Registration registration(domain::Event const& event, domain::RegistrationStatus status);
domain::Person person();
std::vector<domain::OutboxMail> mails(domain::Event const& event);

}  // namespace samples
