// One page as a whole: layout.html around a page's template, with the headers that belong to it. Any thread.
#pragma once

#include "notifications/rendering/data.hpp"
#include "service/web/session_guard.hpp"

#include <string>
#include <utility>
#include <vector>

namespace convoke::web {

using rendering::Data;

struct Frame {
    std::string title;         // of the window; already translated
    std::string heading;       // h1; "" = the title
    std::string heading_lang;  // when it is an organiser's text
    std::string intro;
    std::vector<std::pair<std::string, std::string>> trail;  // name, path; the last one without a path is this page
    std::string here;          // "home", "me", "organise", "sign_in": what the navigation marks
    std::string feed_path;
    int status = 200;
    bool secret = false;       // the address holds a token: no referrer goes out
};

// `name`: "pages/event.html". Adds csrf, language, navigation, flash; sets Cache-Control.
Response render_page(WebServices const& services, Visitor const& visitor, Request const& request, std::string_view name,
                     Frame const& frame, Data data);

Response problem_page(WebServices const& services, Visitor const& visitor, Request const& request, http::Problem const& problem);
Response failure_page(WebServices const& services, Visitor const& visitor, Request const& request, Failure const& failure);

// 303 to a path of ours with "?done=CODE": after a POST. The words of every code stand in layout.cpp.
Response done(std::string const& path, std::string_view code);

}  // namespace convoke::web
