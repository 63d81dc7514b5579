// What an organiser should see to: answers by mail that changed nothing, webhooks that are paused, dates that the clocks
// skip. Each in words, with what to do. Pure; any thread.
#pragma once

#include "service/domain/event.hpp"
#include "service/domain/mail_answer.hpp"
#include "service/domain/webhook.hpp"
#include "service/web/views/event_words.hpp"

#include <string>
#include <vector>

namespace convoke::web {

// Rows of pages/organise_event.html: sender, answer, comment, time, why, what to do.
std::vector<Data> answer_rows(Reader const& reader, std::string const& zone, std::vector<domain::MailAnswer> const& answers);

// One sentence each: what was taken as it was given, though it may surprise.
std::vector<std::string> schedule_notes(Phrases const& say, domain::Event const& event);

// Rows of pages/organise_community.html, of webhooks that are paused or fail: host, state, since, why.
std::vector<Data> webhook_rows(Reader const& reader, std::string const& zone, std::vector<domain::Webhook> const& hooks);

}  // namespace convoke::web
