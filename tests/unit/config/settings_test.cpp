#include "config/documentation.hpp"
#include "config/nearest.hpp"
#include "config/reader.hpp"
#include "config/settings_table.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <set>

using namespace convoke::config;

namespace {

class File {
public:
    explicit File(std::string const& text) {
        char name[] = "/tmp/convoke-settings-XXXXXX";
        ::close(::mkstemp(name));
        path = name;
        std::ofstream(path) << text;
    }
    ~File() { std::remove(path.c_str()); }
    std::string path;
};

Loaded load(std::string const& text, Texts const& variables = {}, Texts const& flags = {}) {
    File const file(text);
    Loaded loaded = load_settings({file.path, variables, flags});
    // The file's name changes from run to run.
    for (Fault& fault : loaded.faults)
        if (fault.place.starts_with(file.path)) fault.place.replace(0, file.path.size(), "c.toml");
    return loaded;
}

Settings read(std::string const& text, Texts const& variables = {}, Texts const& flags = {}) {
    Loaded const loaded = load(text, variables, flags);
    for (Fault const& fault : loaded.faults) FAIL_CHECK(fault.line());
    return loaded.settings;
}

std::vector<std::string> refusals(std::string const& text, Texts const& variables = {}, Texts const& flags = {}) {
    std::vector<std::string> lines;
    for (Fault const& fault : load(text, variables, flags).faults) lines.push_back(fault.line());
    return lines;
}

std::string refusal(std::string const& text, Texts const& variables = {}, Texts const& flags = {}) {
    auto const lines = refusals(text, variables, flags);
    CHECK(lines.size() == 1);
    return lines.empty() ? "" : lines.front();
}

}  // namespace

TEST_CASE("no file at all gives the defaults of the contract") {
    Settings const settings = read("");
    CHECK(settings.http.listen == "127.0.0.1:8080");
    CHECK(settings.store.url == "sqlite:convoke.db");
    CHECK(settings.mail.transport == "file:mail/");
    CHECK(settings.mail.reply_to == "rsvp@events.example");
    CHECK(settings.reminders.before == std::vector<std::string>{"P14D", "P1D", "PT1H"});
    CHECK(settings.links.promise == "P10D");
}

TEST_CASE("the file is read, and the environment wins") {
    std::string const file = "[http]\nlisten = \"0.0.0.0:80\"\nthreads = 4\n[reminders]\nbefore = [\"P2D\"]\n";
    CHECK(read(file).http.threads == 4);
    Settings const settings = read(file, {{"CONVOKE_HTTP_LISTEN", "[::1]:9000"}, {"CONVOKE_REMINDERS_BEFORE", "P3D, PT2H"}});
    CHECK(settings.http.listen == "[::1]:9000");
    CHECK(settings.reminders.before == std::vector<std::string>{"P3D", "PT2H"});
}

TEST_CASE("a flag wins over the environment") {
    CHECK(read("[http]\nthreads = 3\n", {{"CONVOKE_HTTP_THREADS", "4"}}, {{"http.threads", "5"}}).http.threads == 5);
    Loaded const loaded = load("[http]\nthreads = 3\n", {{"CONVOKE_MAIL_FROM", "a@b.example"}}, {{"http.listen", "[::1]:0"}});
    CHECK(loaded.place_of("http.threads").ends_with(":2"));
    CHECK(loaded.place_of("mail.from") == "CONVOKE_MAIL_FROM");
    CHECK(loaded.place_of("http.listen") == "--http.listen");
    CHECK(loaded.place_of("store.url") == "default");
}

TEST_CASE("what is wrong is named with file, line, key, reason and remedy") {
    CHECK(refusal("[http]\nlisen = \"127.0.0.1:80\"\n") == "c.toml:2: http.lisen: there is no such setting; did you mean http.listen?");
    CHECK(refusal("[http]\n\nlisten = \"127.0.0.1:99999\"\n") ==
          "c.toml:3: http.listen: must be ADDRESS:PORT with a port from 0 to 65535, e.g. 127.0.0.1:8080 or [::1]:8080, not \"127.0.0.1:99999\"");
    CHECK(refusal("[http]\nthreads = \"two\"\n") == "c.toml:2: http.threads: must be a whole number");
    CHECK(refusal("[http]\nthreads = 65\n") == "c.toml:2: http.threads: must be a whole number from 1 to 64");
    CHECK(refusal("[http]\ntrusted_proxies = \"10.0.0.1\"\n") == "c.toml:2: http.trusted_proxies: must be a list of texts, e.g. [\"a\", \"b\"]");
    CHECK(refusal("[http]\ntransport = \"file:x\"\n") == "c.toml:2: http.transport: there is no such setting; did you mean mail.transport?");
    CHECK(refusal("[htp]\nlisten = \"x\"\n") == "c.toml:1: htp: there is no such section; did you mean [http]?");
    CHECK(refusal("[kitchen]\nsink = 1\n").find("there is no such section; there are http, store, mail") != std::string::npos);
    CHECK(refusal("listen = 1\n") == "c.toml:1: listen: settings stand in sections, e.g. [http]");
    CHECK(refusal("[http]\ntls_key = \"x\"\n") == "c.toml:2: http.tls_key: http.tls_certificate and http.tls_key belong together: set both or none");
    CHECK(refusal("", {{"CONVOKE_MAIL_CONNECTIONS", "many"}}) == "CONVOKE_MAIL_CONNECTIONS: mail.connections: must be a whole number");
    CHECK(refusal("", {}, {{"mail.connections", "0"}}) == "--mail.connections: mail.connections: must be a whole number from 1 to 32");
}

TEST_CASE("a text that is not TOML is named with line and column") {
    CHECK(refusal("[http\n").starts_with("c.toml:1:6: not TOML: "));
    CHECK(refusal("[http]\nthreads = 1\nthreads = 2\n").starts_with("c.toml:3:"));
    auto const absent = load_settings({"no-such-file.toml", {}, {}});
    REQUIRE(absent.faults.size() == 1);
    CHECK(absent.faults.front().line() == "no-such-file.toml: cannot be read: name a file that exists and may be read");
}

TEST_CASE("all faults are found at once, in the order of lines") {
    auto const lines = refusals("[mail]\nreply_to = \"nobody\"\n[http]\nbase_url = \"events.example\"\nport = 80\n[reminders]\nbefore = [\"P1D\", \"soon\"]\n",
                                {{"CONVOKE_LOG_LEVEL", "loud"}}, {{"store.url", "mysql:x"}});
    REQUIRE(lines.size() == 6);
    for (std::size_t i = 0; i < 4; ++i) CHECK(lines[i].starts_with("c.toml:" + std::to_string(std::vector{2, 4, 5, 7}[i]) + ": "));
    CHECK(lines[3].find("\"soon\"") != std::string::npos);
    CHECK(lines[4].starts_with("CONVOKE_LOG_LEVEL: log.level: "));
    CHECK(lines[5].starts_with("--store.url: store.url: "));
}

TEST_CASE("a variable that is nearly a setting's is refused, anybody else's is left alone") {
    CHECK(refusal("", {{"CONVOKE_HTP_LISTEN", "x"}}) == "CONVOKE_HTP_LISTEN: names no setting; did you mean CONVOKE_HTTP_LISTEN?");
    CHECK(refusal("", {{"CONVOKE_HTTP_PORT", "80"}}).starts_with("CONVOKE_HTTP_PORT: names no setting; did you mean CONVOKE_HTTP_"));
    CHECK(refusal("", {{"CONVOKE_REMINDER_BEFORE", "P1D"}}).find("CONVOKE_REMINDERS_BEFORE") != std::string::npos);
    CHECK(refusals("", {{"CONVOKE_BINARY", "x"}, {"CONVOKE_HOME", "x"}, {"CONVOKE_ADDRESS", "x"}, {"CONVOKE_PREVIEW", "x"},
                        {"CONVOKE_TEST_POSTGRESQL", "x"}, {"CONVOKE_TEST_URL", "x"}, {"CONVOKE_CHECK", "x"}, {"PATH", "x"}, {"HTTP_LISTEN", "x"}})
              .empty());
}

TEST_CASE("values that cannot be right are refused, and those that can are taken") {
    auto const bad = [](char const* name, std::vector<char const*> const& values) {
        for (char const* value : values) {
            INFO(name << " = " << value);
            CHECK(refusals("", {}, {{name, value}}).size() == 1);
        }
    };
    auto const good = [](char const* name, std::vector<char const*> const& values) {
        for (char const* value : values) {
            INFO(name << " = " << value);
            CHECK(refusals("", {}, {{name, value}}).empty());
        }
    };
    bad("http.listen", {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8o", "[::1:80", "events.example:80"});
    good("http.listen", {"127.0.0.1:0", "0.0.0.0:65535", "[::]:80", "localhost:8080"});
    bad("http.base_url", {"events.example", "ftp://events.example", "https://", "https://events.example/", "https://a b", "https://u@events.example",
                          "https://events.example?x", "https://events.example:0", "https://events.example:99999", "https://[::1"});
    good("http.base_url", {"", "https://events.example", "http://127.0.0.1:8080", "https://[::1]:8443", "https://events.example/convoke"});
    bad("http.trusted_proxies", {"10.0.0.0/33", "proxy", "10.0.0.1,x", "::1/129"});
    good("http.trusted_proxies", {"", "10.0.0.0/8", "127.0.0.1, ::1", "fd00::/8"});
    bad("store.url", {"", "sqlite:", "mysql://x", "convoke.db"});
    bad("mail.transport", {"", "file:", "carrier:pigeon", "smtp://", "smtp://@host", "smtps://user@", "smtps://user@host:0", "smtp://ho st"});
    good("mail.transport", {"file:mail/", "smtp://127.0.0.1:2525", "smtps://user@mail.example:465", "smtps://user@mail.example@mail.example", "smtp://[::1]:25"});
    bad("mail.imap", {"imap://user@host/INBOX", "imaps://host", "INBOX"});
    bad("mail.reply_to", {"", "rsvp", "@events.example", "rsvp@", "a@b@c", "a b@c", "<a@b>", "a@b\r\nBcc: c@d"});
    bad("links.promise", {"", "P", "PT", "10", "P1", "P1H", "PT1D", "P1Y", "P-1D", "PT1M1H", "P1DT", "p1d"});
    good("links.promise", {"P10D", "PT36H", "P1DT12H", "P2W", "PT90M"});
    bad("log.level", {"", "loud", "INFO"});
}

TEST_CASE("the nearest word is the one with the fewest letters different") {
    std::vector<std::string> const words{"listen", "threads", "tls_key"};
    CHECK(nearest("lisen", words, 2) == "listen");
    CHECK(nearest("tlskey", words, 2) == "tls_key");
    CHECK(nearest("kitchen", words, 2).empty());
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the page names every setting in all its forms") {
    std::string const page = settings_page();
    for (Row const& row : settings_table())
        for (std::string const& form : {"`" + std::string(row.key) + "`", "`" + environment_name(row) + "`", "`--" + name_of(row) + "`"}) {
            INFO(form);
            CHECK(page.find(form) != std::string::npos);
        }
}

TEST_CASE("the example file is the defaults, and every row can be said in it") {
    std::string example = example_file();
    std::string uncommented;
    for (std::size_t start = 0; start < example.size();) {
        std::size_t const end = example.find('\n', start);
        std::string const line = example.substr(start, end - start);
        uncommented += (line.starts_with("#") && !line.starts_with("# ") ? line.substr(1) : line) + "\n";
        start = end + 1;
    }
    Settings const settings = read(uncommented);
    Settings const defaults;
    std::set<std::string> names;
    for (Row const& row : settings_table()) {
        CHECK(row.get(settings) == row.get(defaults));
        CHECK(names.insert(environment_name(row)).second);
    }
}
