#include "service/web/routes.hpp"

#include "service/web/layout.hpp"
#include "service/web/pages/community_page.hpp"
#include "service/web/pages/event_page.hpp"
#include "service/web/pages/me_page.hpp"
#include "service/web/pages/organise_event_pages.hpp"
#include "service/web/pages/organise_pages.hpp"
#include "service/web/pages/register_page.hpp"
#include "service/web/pages/sign_in_page.hpp"
#include "service/web/pages/split_series_page.hpp"
#include "service/web/pages/static_pages.hpp"

namespace convoke::web {

void add_web_routes(http::Router& router, WebServices const& services) {
    using enum http::Method;
    struct Row {
        http::Method method;
        char const* pattern;
        awaitable<Response> (*handler)(WebServices const&, Visitor, Request&);
        bool personal;
    };
    Row const rows[] = {
        {get, "/", home_page, false},
        {get, "/c/{slug}", community_page, false},
        {get, "/e/{id}", event_page, false},
        {get, "/e/{id}/register", register_form, false},
        {post, "/e/{id}/register", register_post, false},
        {get, "/e/{id}/cancel", cancel_form, false},
        {post, "/e/{id}/cancel", cancel_post, false},
        {get, "/e/{id}/answer/{token}", register_form, false},
        {post, "/e/{id}/answer/{token}", register_post, false},
        {get, "/sign-in", sign_in_form, false},
        {post, "/sign-in", sign_in_post, false},
        {get, "/sign-in/{token}", sign_in_link_page, false},
        {post, "/sign-in/{token}", sign_in_link_post, false},
        {post, "/sign-out", sign_out_post, false},
        {get, "/me", me_page, true},
        {post, "/me", me_post, true},
        {post, "/me/feed", new_feed_post, true},
        {get, "/organise", organise_page, true},
        {get, "/organise/{slug}", organise_community_page, true},
        {get, "/organise/{slug}/members", organise_members_page, true},
        {get, "/organise/{slug}/e/{id}", organise_event_page, true},
        {get, "/organise/{slug}/e/{id}/publish", publish_form, true},
        {post, "/organise/{slug}/e/{id}/publish", publish_post, true},
        {get, "/organise/{slug}/e/{id}/date", fix_date_form, true},
        {post, "/organise/{slug}/e/{id}/date", fix_date_post, true},
        {get, "/organise/{slug}/e/{id}/split", split_series_form, true},
        {post, "/organise/{slug}/e/{id}/split", split_series_post, true},
        {get, "/organise/{slug}/e/{id}/cancel", cancel_event_form, true},
        {post, "/organise/{slug}/e/{id}/cancel", cancel_event_post, true},
        {post, "/organise/{slug}/e/{id}/registrations/{registration}", registration_post, true},
        {get, "/accessibility", accessibility_page, false},
        {get, "/privacy", privacy_page, false},
        {get, "/robots.txt", robots_text, false},
    };
    for (auto const& row : rows)
        router.add(row.method, row.pattern, row.personal ? personal_page(services, row.handler) : page(services, row.handler));
    router.add({services.files.route()});
    router.error_page([&services](Request const& request, http::Problem const& problem) {
        return problem_page(services, stranger(services, request), request, problem);
    });
}

}  // namespace convoke::web
