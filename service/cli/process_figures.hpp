// What the process is and uses, as metrics: Prometheus' standard process_ names, the build, the tz data. Linux.
#pragma once

#include "service/core/metrics_text.hpp"
#include "service/store/transaction.hpp"

#include <string>

namespace convoke::cli {

class ProcessFigures {
public:
    explicit ProcessFigures(store::Dialect dialect);
    void write(core::MetricsText& text) const;  // any thread

private:
    std::string database_, tz_version_, tz_hash_;
    double started_ = 0;  // seconds since 1970
};

}  // namespace convoke::cli
