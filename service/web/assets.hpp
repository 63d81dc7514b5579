// What the pages are made of, compiled in: templates, their words, the style sheet. For the application, at start.
#pragma once

#include "notifications/rendering/templates.hpp"
#include "service/http/static_files.hpp"

namespace convoke::web {

// Before the first render.
void add_web_messages(rendering::Catalogue& catalogue);
void add_web_templates(rendering::Templates& templates);

// Served below /static; "convoke.css", "mark.svg". Register its route() with the router: add_web_routes does.
http::StaticFiles web_files();

}  // namespace convoke::web
