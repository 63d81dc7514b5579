#include "running.hpp"

#include <cstdlib>
#include <fstream>

namespace convoke::test {

TemporaryDirectory::TemporaryDirectory() {
    auto name = (std::filesystem::temp_directory_path() / "convoke-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

std::string TemporaryDirectory::file(std::string const& name, std::string const& content) const {
    std::ofstream(path / name, std::ios::binary) << content;
    return (path / name).string();
}

}  // namespace convoke::test
