// The door to SQLite for open_database and migrate; includes no sqlite3.h.
#pragma once

#include "service/store/connection.hpp"

#include <memory>
#include <string>

namespace convoke::store::sqlite {

std::unique_ptr<Engine> make_engine(std::string path);

}  // namespace convoke::store::sqlite
