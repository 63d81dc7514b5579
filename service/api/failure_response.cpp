#include "service/api/failure_response.hpp"

#include <string>

namespace convoke::api {

Meaning meaning_of(errc code) {
    switch (code) {
        case errc::json_syntax: return {400, "The body is not JSON"};
        case errc::json_too_deep: return {400, "The JSON is nested too deeply"};
        case errc::json_duplicate_key: return {400, "A JSON object has a key twice"};
        case errc::bad_encoding: return {400, "The text is not UTF-8"};
        case errc::bad_request: return {400, "The request cannot be understood"};
        case errc::unsupported_media_type: return {415, "The body has a media type that is not taken here"};
        case errc::not_acceptable: return {406, "None of the accepted media types can be given"};
        case errc::payload_too_large: return {413, "The body is too large"};

        case errc::validation_failed: return {422, "Several values are not valid"};
        case errc::unknown_field: return {422, "A field is not known here"};
        case errc::required: return {422, "A value is missing"};
        case errc::wrong_type: return {422, "A value has the wrong type"};
        case errc::out_of_range: return {422, "A value is out of range"};
        case errc::blank: return {422, "A text is blank"};
        case errc::too_long: return {422, "A value is too long"};
        case errc::control_character: return {422, "A text holds a control character"};
        case errc::invalid_value: return {422, "A value is not valid"};
        case errc::email_invalid: return {422, "An e-mail address is not valid"};
        case errc::smtputf8_not_supported: return {422, "An e-mail address has letters that mail servers may refuse"};
        case errc::url_scheme: return {422, "A link must begin with https:// or http://"};

        case errc::schedule_required: return {422, "The schedule is missing"};
        case errc::local_time_does_not_exist: return {422, "The local time does not exist"};
        case errc::local_time_ambiguous: return {422, "The local time exists twice"};
        case errc::unknown_time_zone: return {422, "The time zone is not known"};
        case errc::end_before_start: return {422, "The end lies before the start"};
        case errc::invalid_date: return {422, "The date does not exist"};
        case errc::invalid_duration: return {422, "The duration is not valid"};
        case errc::reminder_offset: return {422, "The reminder lies out of range"};
        case errc::recurrence_not_supported: return {422, "The recurrence is not supported"};
        case errc::too_many_occurrences: return {422, "The recurrence has too many occurrences"};
        case errc::recurrence_never_happens: return {422, "The recurrence never happens"};
        case errc::recurrence_invalid: return {422, "The recurrence is not valid"};

        case errc::unauthenticated: return {401, "A valid token is needed"};
        case errc::forbidden: return {403, "This is not allowed"};
        case errc::csrf: return {403, "The form did not come from this site"};
        case errc::rate_limited: return {429, "Too many requests"};

        case errc::not_found: return {404, "There is no such thing"};
        case errc::method_not_allowed: return {405, "The method is not allowed here"};
        case errc::already_exists: return {409, "It exists already"};
        case errc::changed_meanwhile: return {412, "It has been changed in the meantime"};
        case errc::precondition_required: return {428, "If-Match is required"};
        case errc::idempotency_key_reused: return {422, "The Idempotency-Key stands for another request"};
        case errc::idempotency_in_progress: return {409, "The request with this Idempotency-Key is still running"};
        case errc::idempotency_reply_erased: return {410, "The reply has been erased"};

        case errc::invalid_state: return {409, "The state does not allow this"};
        case errc::link_missing: return {409, "The event has no link yet"};
        case errc::event_full: return {409, "The event is full"};
        case errc::already_registered: return {409, "This address is registered already"};
        case errc::registration_closed: return {409, "Registration is closed"};
        case errc::event_cancelled: return {410, "The event is cancelled"};
        case errc::event_provisional: return {409, "The event has no date yet"};
        case errc::capacity_below_booked: return {409, "More seats are taken than that"};
        case errc::limit_reached: return {409, "The limit is reached"};

        case errc::table_not_found: return {422, "No table was found in the document"};
        case errc::table_ambiguous: return {422, "The document has several tables"};
        case errc::unreadable_row: return {422, "A row of the document cannot be read"};

        case errc::overloaded: return {503, "The service is busy"};
        case errc::database_unavailable: return {503, "The database is not available"};
        case errc::storage_full: return {503, "The storage is full"};
        case errc::mail_unavailable: return {503, "The mail server is not available"};
        case errc::internal: return {500, "Something went wrong here"};
    }
    return {500, "Something went wrong here"};
}

namespace {

// Seconds after which what passes by itself is worth another try; "" for the rest.
std::string_view retry_after(errc code) {
    switch (code) {
        case errc::overloaded:
        case errc::idempotency_in_progress: return "1";
        case errc::database_unavailable: return "5";
        case errc::rate_limited: return "60";
        case errc::storage_full:
        case errc::mail_unavailable: return "60";
        default: return "";
    }
}

}  // namespace

http::Problem problem_of(Failure const& failure) {
    auto const [status, title] = meaning_of(failure.code);
    bool const ours = status == 500;
    http::Problem problem(status, std::string(slug(failure.code)),
                          ours ? "It has been logged under the request id." : failure.detail);
    problem.title = title;
    if (ours) return problem;
    for (Fault const& fault : failure.faults)
        problem.errors.push_back({fault.pointer, std::string(slug(fault.code)), fault.detail});
    problem.members = failure.arguments;
    for (char const* name : {"places", "booked"})
        if (auto member = problem.members.extract(name)) problem.numbers[name] = std::stoll(member.mapped());
    if (auto const given = failure.arguments.find("retryAfter"); given != failure.arguments.end())
        problem.headers["Retry-After"] = given->second;
    else if (auto const usual = retry_after(failure.code); !usual.empty())
        problem.headers["Retry-After"] = usual;
    if (failure.code == errc::changed_meanwhile)
        if (auto const etag = failure.arguments.find("currentEtag"); etag != failure.arguments.end())
            problem.headers["ETag"] = etag->second;
    if (failure.code == errc::unauthenticated) problem.headers["WWW-Authenticate"] = "Bearer realm=\"convoke\"";
    return problem;
}

http::Response failure_response(http::Request const& request, Failure const& failure) {
    return http::to_response(problem_of(failure), request.request_id);
}

}  // namespace convoke::api
