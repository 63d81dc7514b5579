#include "service/web/pages/static_pages.hpp"

#include "service/usecases/communities.hpp"
#include "service/web/layout.hpp"

namespace convoke::web {

namespace {

constexpr std::size_t most_communities = 200;

// Both pages name whom to write to.
awaitable<result<Data>> contacts(WebServices const& services) {
    co_return co_await services.db.read([](Transaction& tx) -> result<Data> {
        std::vector<Data> all;
        for (auto const& community : usecases::list_communities(tx, {most_communities, {}})) {
            Data contact;
            contact.set("name", community.name).set("email", community.contact_email);
            all.push_back(contact);
        }
        return std::move(Data().set("contacts", all).set("has_contacts", !all.empty()));
    });
}

}  // namespace

awaitable<Response> accessibility_page(WebServices const& services, Visitor visitor, Request& request) {
    auto data = co_await contacts(services);
    if (!data) co_return failure_page(services, visitor, request, data.error());
    Frame frame;
    frame.title = reader_of(services, visitor).say("Accessibility");
    co_return render_page(services, visitor, request, "pages/accessibility.html", frame, *std::move(data));
}

awaitable<Response> robots_text(WebServices const&, Visitor, Request&) {
    Response response = Response::text("User-agent: *\n"
                                       "Allow: /feeds/\n"
                                       "Disallow: /api/\n"
                                       "Disallow: /me\n"
                                       "Disallow: /organise\n"
                                       "Disallow: /sign-in\n"
                                       "Disallow: /e/*/answer/\n");
    response.headers.set("Cache-Control", "public, max-age=86400");
    co_return response;
}

awaitable<Response> privacy_page(WebServices const& services, Visitor visitor, Request& request) {
    auto data = co_await contacts(services);
    if (!data) co_return failure_page(services, visitor, request, data.error());
    Frame frame;
    frame.title = reader_of(services, visitor).say("Privacy");
    co_return render_page(services, visitor, request, "pages/privacy.html", frame, *std::move(data));
}

}  // namespace convoke::web
