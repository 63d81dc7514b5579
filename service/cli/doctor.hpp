// convoke doctor: is everything as it must be? One line a check, with the remedy; exit code 1 on a fault. Makes and
// changes nothing.
#pragma once

#include "config/reader.hpp"

#include <string>

namespace convoke::cli {

struct DoctorOptions {
    bool deep = false;  // read the whole SQLite database
    bool json = false;  // [{"check","result","text"}], result ok, warn or fault
};

int doctor(config::Sources const& sources, DoctorOptions const& options);

}  // namespace convoke::cli
