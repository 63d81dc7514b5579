#include "service/web/assets.hpp"

#include "embedded/web_catalogues.hpp"
#include "embedded/web_files.hpp"
#include "embedded/web_templates.hpp"

namespace convoke::web {

void add_web_messages(rendering::Catalogue& catalogue) { catalogue.add_files(embedded::web_catalogues()); }

void add_web_templates(rendering::Templates& templates) { templates.add_files(embedded::web_templates()); }

http::StaticFiles web_files() {
    http::StaticFiles files("/static");
    files.add_all(embedded::web_files());
    return files;
}

}  // namespace convoke::web
