// The one failure type of the house and the one result type built on it.
//
// Two kinds of failure: whatever input or circumstances can cause is a value, a Failure; a broken
// engine or a broken invariant throws (std::exception), ends the request and is logged.
// Any thread; plain values.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace convoke {

// Every reason the service can give for not doing something. The slug (`slug(errc)`) is part of the
// contract: it is the `code` of a problem document and never changes once released.
enum class errc {
    // The text of a request.
    json_syntax, json_too_deep, json_duplicate_key, bad_encoding, bad_request,
    unsupported_media_type, not_acceptable, payload_too_large,
    // A value in it (422). validation_failed: several different faults at once.
    validation_failed, unknown_field, required, wrong_type, out_of_range, blank, too_long, control_character,
    invalid_value, email_invalid, smtputf8_not_supported, url_scheme,
    // Time.
    schedule_required, local_time_does_not_exist, local_time_ambiguous, unknown_time_zone,
    end_before_start, invalid_date, invalid_duration, reminder_offset,
    recurrence_not_supported, too_many_occurrences, recurrence_never_happens, recurrence_invalid,
    // Who asks.
    unauthenticated, forbidden, csrf, rate_limited,
    // What is there.
    not_found, method_not_allowed, already_exists, changed_meanwhile, precondition_required,
    // A POST that names an Idempotency-Key.
    idempotency_key_reused, idempotency_in_progress, idempotency_reply_erased,
    // The rules of events and registrations.
    invalid_state, link_missing, event_full, already_registered, registration_closed, event_cancelled,
    event_provisional, capacity_below_booked, limit_reached,
    // Documents that people bring.
    table_not_found, table_ambiguous, unreadable_row,
    // The machine.
    overloaded, database_unavailable, storage_full, mail_unavailable, internal,
};

// "local_time_ambiguous" and so on. The view lives for ever.
std::string_view slug(errc code);

// One thing wrong with the input. `pointer` is a JSON pointer (RFC 6901) into it, "" for the whole;
// for documents it is a place in words ("row 7, column Date").
struct Fault {
    std::string pointer;
    errc code = errc::invalid_value;
    std::string detail;  // says what is wrong and what would be right
};

struct Failure {
    Failure() = default;  // what result<T>::error() answers for a value; says nothing
    Failure(errc c, std::string text) : code(c), detail(std::move(text)) {}
    // All faults of one input. `code` becomes their common code, or validation_failed.
    explicit Failure(std::vector<Fault> all);

    errc code = errc::internal;
    std::string detail;                            // for the person who asked; never holds secrets
    std::vector<Fault> faults;                     // may be empty
    std::map<std::string, std::string> arguments;  // machine-readable extras: "retryAfter", "currentEtag", "earlier", "later" …
};

// A Failure about one member of the input.
Failure fault_at(std::string pointer, errc code, std::string detail);

template <class T>
using result = boost::system::result<T, Failure>;

// Makes result<T>::value() throw std::runtime_error for a Failure (a programming error: test first).
[[noreturn]] void throw_exception_from_error(Failure const& failure, boost::source_location const& where);

}  // namespace convoke

// Propagates a failure: CONVOKE_TRY(name, expression) declares `name`; CONVOKE_CHECK(expression) for result<void>.
// The CO_ forms are for coroutines.
#define CONVOKE_JOIN_(a, b) a##b
#define CONVOKE_JOIN(a, b) CONVOKE_JOIN_(a, b)
#define CONVOKE_TRY_(tmp, name, expression, ret) \
    auto tmp = (expression);                     \
    if (!tmp) ret std::move(tmp).error();        \
    auto name = *std::move(tmp)
#define CONVOKE_TRY(name, ...) CONVOKE_TRY_(CONVOKE_JOIN(try_, __LINE__), name, (__VA_ARGS__), return)
#define CONVOKE_CO_TRY(name, ...) CONVOKE_TRY_(CONVOKE_JOIN(try_, __LINE__), name, (__VA_ARGS__), co_return)
#define CONVOKE_CHECK_(tmp, expression, ret) \
    if (auto tmp = (expression); !tmp) ret std::move(tmp).error()
#define CONVOKE_CHECK(...) CONVOKE_CHECK_(CONVOKE_JOIN(check_, __LINE__), (__VA_ARGS__), return)
#define CONVOKE_CO_CHECK(...) CONVOKE_CHECK_(CONVOKE_JOIN(check_, __LINE__), (__VA_ARGS__), co_return)
