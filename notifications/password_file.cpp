#include "notifications/password_file.hpp"

#include <fstream>

namespace convoke::notifications {

result<std::string> read_password(std::string const& file, std::string_view setting) {
    std::ifstream in(file);
    std::string password;
    if (!std::getline(in, password) || password.empty())
        return Failure(errc::invalid_value, std::string(setting) + " \"" + file + "\" has no password in its first line");
    if (password.ends_with('\r')) password.pop_back();
    return password;
}

}  // namespace convoke::notifications
