// libical as an independent reader of what we write. Its time functions see embedded VTIMEZONEs only.
#pragma once

#include "support.hpp"

#include <libical/ical.h>

#include <memory>

namespace convoke::calendar {

class IcalEvent {
public:
    IcalEvent(icalcomponent* calendar, icalcomponent* event) : calendar_(calendar), event_(event) {}

    icalproperty* property(icalproperty_kind kind) const {
        icalproperty* const found = icalcomponent_get_first_property(event_, kind);
        REQUIRE(found);
        return found;
    }
    int count(icalproperty_kind kind) const { return icalcomponent_count_properties(event_, kind); }
    std::string text(icalproperty_kind kind) const {
        icalproperty* const p = property(kind);
        if (icalvalue_isa(icalproperty_get_value(p)) == ICAL_TEXT_VALUE) return icalvalue_get_text(icalproperty_get_value(p));
        char* const value = icalproperty_get_value_as_string_r(p);
        std::string const out = value;
        icalmemory_free_buffer(value);
        return out;
    }
    std::string parameter(icalproperty_kind kind, char const* name) const {
        char* const value = icalproperty_get_parameter_as_string_r(property(kind), name);
        std::string const out = value ? value : "";
        icalmemory_free_buffer(value);
        return out;
    }
    sys_seconds instant(icalproperty_kind kind) const {
        icalproperty* const p = property(kind);
        icaltimetype const t = icalvalue_get_datetime(icalproperty_get_value(p));
        icaltimezone* zone = icaltimezone_get_utc_timezone();
        if (auto const tzid = parameter(kind, "TZID"); !tzid.empty()) {
            zone = icalcomponent_get_timezone(calendar_, tzid.c_str());
            REQUIRE(zone);
        }
        return sys_seconds{seconds{icaltime_as_timet_with_zone(t, zone)}};
    }

private:
    icalcomponent* calendar_;
    icalcomponent* event_;
};

class IcalText {
public:
    explicit IcalText(std::string const& text) : calendar_(icalparser_parse_string(text.c_str()), &icalcomponent_free) {
        REQUIRE(calendar_);
        REQUIRE(icalcomponent_isa(calendar_.get()) == ICAL_VCALENDAR_COMPONENT);
    }
    IcalEvent event(int index) const {
        icalcomponent* c = icalcomponent_get_first_component(calendar_.get(), ICAL_VEVENT_COMPONENT);
        for (; c && index > 0; --index) c = icalcomponent_get_next_component(calendar_.get(), ICAL_VEVENT_COMPONENT);
        REQUIRE(c);
        return {calendar_.get(), c};
    }
    int events() const { return icalcomponent_count_components(calendar_.get(), ICAL_VEVENT_COMPONENT); }
    int errors() const { return icalcomponent_count_errors(calendar_.get()); }
    std::string method() const { return icalproperty_method_to_string(icalcomponent_get_method(calendar_.get())); }

private:
    std::unique_ptr<icalcomponent, void (*)(icalcomponent*)> calendar_;
};

}  // namespace convoke::calendar
