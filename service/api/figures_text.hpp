// The figures of database and store as metrics. Pure.
#pragma once

#include "service/core/metrics_text.hpp"
#include "service/store/database.hpp"
#include "service/usecases/figures.hpp"

namespace convoke::api {

void write_figures(core::MetricsText& text, usecases::Figures const& figures, calendar::sys_seconds now);
void write_store_figures(core::MetricsText& text, store::DatabaseStatistics const& statistics);

}  // namespace convoke::api
