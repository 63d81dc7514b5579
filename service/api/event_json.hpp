// Events, registrations and mails as the JSON of the contract. Pure.
#pragma once

#include "service/domain/event.hpp"
#include "service/domain/mail.hpp"
#include "service/domain/registration.hpp"
#include "service/usecases/outbox.hpp"

#include <boost/json/object.hpp>

namespace convoke::api {

boost::json::object event_json(domain::Event const& event, usecases::Instance const& instance);
boost::json::object registration_json(domain::Registration const& registration);
boost::json::object mail_json(domain::OutboxMail const& mail);
boost::json::object forecast_json(usecases::ForecastMail const& mail);

}  // namespace convoke::api
