// A registration as it is asked for: read from the JSON of the contract, checked against the event. Both find faults, and
// the caller is told of all of them at once: what reading found travels in RegistrationRequest::faults. Any thread; pure.
#pragma once

#include "service/domain/registration.hpp"

#include <boost/json/object.hpp>

namespace convoke::domain {

// {email,name,mode,language,timeZone,organisation,country,answers{}}. Types, lengths and unknown fields are looked at here,
// values by check_registration_request.
RegistrationRequest decode_registration_request(boost::json::object const& json);

// The request with its values in their usual spelling ("Ireland" becomes "IE"), or everything that is wrong with it, one
// fault for each pointer: the address, what the event does not offer, required questions without an answer …
result<RegistrationRequest> check_registration_request(EventDefinition const& definition, RegistrationRequest request);

}  // namespace convoke::domain
