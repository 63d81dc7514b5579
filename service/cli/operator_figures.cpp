#include "service/cli/operator_figures.hpp"

#include <filesystem>
#include <string_view>

namespace convoke::cli {

std::vector<std::string> written_folders(config::Settings const& settings) {
    std::vector<std::string> folders;
    constexpr std::string_view sqlite = "sqlite:", file = "file:";
    if (settings.store.url.starts_with(sqlite)) {
        auto const folder = std::filesystem::path(settings.store.url.substr(sqlite.size())).parent_path();
        folders.push_back(folder.empty() ? "." : folder.string());
    }
    if (settings.mail.transport.starts_with(file)) {
        std::string folder = settings.mail.transport.substr(file.size());
        if (folder.starts_with("//")) folder.erase(0, 2);
        folders.push_back(folder);
    }
    return folders;
}

}  // namespace convoke::cli
