#include "service/cli/tz_version.hpp"

#include <fstream>

namespace convoke::cli {

std::string tz_version() {
    // Its first line is "# version 2025b".
    std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
    std::string hash, word, version;
    if (file >> hash >> word >> version && hash == "#" && word == "version") return "tz " + version;
    return "tz of unknown version";
}

}  // namespace convoke::cli
