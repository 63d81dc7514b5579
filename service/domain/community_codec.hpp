// Communities, members, working groups and programmes <-> the JSON of the API contract.
//
// encode_X gives what an organiser may write (defaults left in), so that encode, merge patch (RFC 7396) and decode_X
// make a PATCH. X_to_json adds what the service says beside it: id, times. Decoding validates everything and names all
// faults at once, unknown fields included. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"
#include "service/domain/community.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace convoke::domain {

// Lower-case letters, digits and single hyphens inside, at most 64: fit for /c/{slug}.
bool is_slug(std::string_view text);

// Required: slug, name, timeZone. language: "en" when absent.
result<Community> decode_community(boost::json::object const& json);
boost::json::object encode_community(Community const& community);
boost::json::object community_to_json(Community const& community);

// Required: email. Absent role is "member"; an absent zone or language stays empty (the verb knows the community's).
result<Member> decode_member(boost::json::object const& json);
boost::json::object encode_member(Member const& member);
boost::json::object member_to_json(Member const& member);

// Required: slug, name.
result<WorkingGroup> decode_working_group(boost::json::object const& json);
boost::json::object encode_working_group(WorkingGroup const& group);
boost::json::object working_group_to_json(WorkingGroup const& group);

// Required: title; in objectives and topics code and title, codes unique in the programme; in outputs title.
result<Programme> decode_programme(boost::json::object const& json);
boost::json::object encode_programme(Programme const& programme);
boost::json::object programme_to_json(Programme const& programme);

}  // namespace convoke::domain
