#include "service/feeds/feed_client.hpp"

#include <catch2/catch.hpp>

#include <string>

using convoke::feeds::client_family;

TEST_CASE("programs are known by what they say of themselves, and nothing else of it is kept") {
    CHECK(client_family("Google-Calendar-Importer") == "Google-Calendar-Importer");
    CHECK(client_family("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0") == "Thunderbird");
    CHECK(client_family("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)") == "Outlook");
    CHECK(client_family("Microsoft.Exchange/15.20 (Windows NT 10.0; Win64; x64)") == "Outlook");
    CHECK(client_family("iOS/17.5 (21F79) dataaccessd/1.0") == "Apple");
    CHECK(client_family("macOS/14.5 (23F79) CalendarAgent/988.4") == "Apple");
    CHECK(client_family("vdirsyncer/0.19.1") == "vdirsyncer");
    CHECK(client_family("DAVx5/4.4-ose (dav4jvm; okhttp/4.12.0) Android/14") == "DAVx5");
    CHECK(client_family("ICSx5/2.2 (ical4j/3.2)") == "DAVx5");
    CHECK(client_family("curl/8.5 of Jane Doe, jane@example.org") == "other");
    CHECK(client_family("") == "other");
    CHECK(client_family(std::string(100'000, 'x') + "thunderbird") == "other");
}
