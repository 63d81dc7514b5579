#include "calendar/failure.hpp"

#include <stdexcept>

namespace convoke {

std::string_view slug(errc code) {
    switch (code) {
#define CONVOKE_SLUG(name) \
    case errc::name: return #name;
        CONVOKE_SLUG(json_syntax) CONVOKE_SLUG(json_too_deep) CONVOKE_SLUG(json_duplicate_key)
        CONVOKE_SLUG(bad_encoding) CONVOKE_SLUG(bad_request) CONVOKE_SLUG(unsupported_media_type)
        CONVOKE_SLUG(not_acceptable) CONVOKE_SLUG(payload_too_large) CONVOKE_SLUG(validation_failed)
        CONVOKE_SLUG(unknown_field) CONVOKE_SLUG(required) CONVOKE_SLUG(wrong_type) CONVOKE_SLUG(out_of_range)
        CONVOKE_SLUG(blank) CONVOKE_SLUG(too_long) CONVOKE_SLUG(control_character) CONVOKE_SLUG(invalid_value)
        CONVOKE_SLUG(email_invalid) CONVOKE_SLUG(smtputf8_not_supported) CONVOKE_SLUG(url_scheme)
        CONVOKE_SLUG(schedule_required) CONVOKE_SLUG(local_time_does_not_exist)
        CONVOKE_SLUG(local_time_ambiguous) CONVOKE_SLUG(unknown_time_zone) CONVOKE_SLUG(end_before_start)
        CONVOKE_SLUG(invalid_date) CONVOKE_SLUG(invalid_duration) CONVOKE_SLUG(reminder_offset)
        CONVOKE_SLUG(recurrence_not_supported) CONVOKE_SLUG(too_many_occurrences)
        CONVOKE_SLUG(recurrence_never_happens) CONVOKE_SLUG(recurrence_invalid) CONVOKE_SLUG(unauthenticated)
        CONVOKE_SLUG(forbidden) CONVOKE_SLUG(csrf) CONVOKE_SLUG(rate_limited) CONVOKE_SLUG(not_found)
        CONVOKE_SLUG(method_not_allowed) CONVOKE_SLUG(already_exists) CONVOKE_SLUG(changed_meanwhile)
        CONVOKE_SLUG(precondition_required) CONVOKE_SLUG(idempotency_key_reused)
        CONVOKE_SLUG(idempotency_in_progress) CONVOKE_SLUG(idempotency_reply_erased)
        CONVOKE_SLUG(invalid_state) CONVOKE_SLUG(link_missing)
        CONVOKE_SLUG(event_full) CONVOKE_SLUG(already_registered) CONVOKE_SLUG(registration_closed)
        CONVOKE_SLUG(event_cancelled) CONVOKE_SLUG(event_provisional) CONVOKE_SLUG(capacity_below_booked)
        CONVOKE_SLUG(limit_reached) CONVOKE_SLUG(table_not_found) CONVOKE_SLUG(table_ambiguous)
        CONVOKE_SLUG(unreadable_row) CONVOKE_SLUG(overloaded) CONVOKE_SLUG(database_unavailable)
        CONVOKE_SLUG(storage_full) CONVOKE_SLUG(mail_unavailable) CONVOKE_SLUG(internal)
#undef CONVOKE_SLUG
    }
    return "internal";
}

Failure::Failure(std::vector<Fault> all) : code(errc::validation_failed), faults(std::move(all)) {
    if (faults.empty()) return;
    code = faults.front().code;
    for (Fault const& fault : faults)
        if (fault.code != code) code = errc::validation_failed;
    detail = faults.front().detail;
    if (faults.size() > 1) detail = std::to_string(faults.size()) + " faults; the first: " + detail;
}

Failure fault_at(std::string pointer, errc code, std::string detail) {
    return Failure(std::vector<Fault>{Fault{std::move(pointer), code, std::move(detail)}});
}

void throw_exception_from_error(Failure const& failure, boost::source_location const& where) {
    throw std::runtime_error("unexpected failure " + std::string(slug(failure.code)) + ": " + failure.detail +
                             " (" + where.to_string() + ")");
}

}  // namespace convoke
