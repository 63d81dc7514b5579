// What an answer by mail says, in words for organisers. Only answers.cpp calls this. Pure.
#pragma once

#include "calendar/answer.hpp"
#include "service/domain/event.hpp"

#include <string>
#include <string_view>

namespace convoke::usecases {

// "accepted", "declined", "tentative", "delegated", "counter", "refresh"; "" for what says nothing.
std::string_view name_of(calendar::AnswerMethod method, calendar::Participation said);

// "method_without_effect" …: the reason in the API.
std::string_view slug_of(calendar::Obstacle obstacle);
std::string obstacle_words(calendar::AnswerPart const& part);

// "another time: 17 June 2026, 10:00 (Brussels, UTC+2) – …", on the event's clock.
std::string say_proposal(calendar::AnswerPart const& part, domain::Event const& event);
// "an answer for one date only: …".
std::string say_instance(calendar::AnswerPart const& part, domain::Event const& event);

// Text from outside as one that can be stored and shown: valid UTF-8, no control characters, at most `most` octets.
std::string plain_text(std::string_view text, std::size_t most);

}  // namespace convoke::usecases
