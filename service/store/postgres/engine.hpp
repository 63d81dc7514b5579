// The door to PostgreSQL for open_database and migrate; includes no libpq-fe.h.
#pragma once

#include "service/store/connection.hpp"

#include <memory>
#include <string>

namespace convoke::store::postgres {

// `url` is a libpq connection URI.
std::unique_ptr<Engine> make_engine(std::string url);

}  // namespace convoke::store::postgres
