// How pages say what an event is: kind, format, state, the little sheet of a calendar, and the labels of a status.
// Pure; any thread.
#pragma once

#include "notifications/rendering/data.hpp"
#include "service/domain/event.hpp"
#include "service/domain/registration.hpp"
#include "service/web/views/phrases.hpp"

#include <string>
#include <vector>

namespace convoke::web {

using rendering::Data;

std::string event_path(std::int64_t event_id);  // "/e/…"

std::string say_kind(Phrases const& say, std::string_view kind);
std::string say_format(Phrases const& say, std::string_view format);
std::string say_mode(Phrases const& say, std::string_view mode);
std::string say_status(Phrases const& say, domain::RegistrationStatus status);
// The look of a label: ok, wait, stop, calm, plain (cv-label--…).
std::string_view tone_of(domain::RegistrationStatus status);

Data label(std::string_view tone, std::string const& text);
// Kind, format and whatever is out of the ordinary (cancelled, to be confirmed, draft, over).
std::vector<Data> event_labels(Phrases const& say, domain::Event const& event, sys_seconds now);

bool is_over(domain::Event const& event, sys_seconds now);

// Where an event stands in a list: the day on the reader's clock, of a series that of its next date (the last, when it is
// over); a window at its first day, after what is fixed there.
calendar::local_days day_in_list(domain::Event const& event, std::string_view zone, sys_seconds now);

// day, month, year for parts/event_item; "window" for a dashed one.
void add_date_block(Data& data, Reader const& reader, domain::Event const& event);

// reader_clock, event_clock, notes, machine, brief: everything about the time.
void add_times(Data& data, Reader const& reader, domain::Event const& event);

// dates: those of a series that are still to come, each with what is another about it; dates_left: how many more.
void add_series_dates(Data& data, Reader const& reader, domain::Event const& event);

// An entry of a list: parts/event_item.html.
Data event_item(Reader const& reader, domain::Event const& event);

// The panel beside a form: parts/when_panel.html.
void add_when_panel(Data& data, Reader const& reader, domain::Event const& event);

}  // namespace convoke::web
