#include "config/reader.hpp"
#include "config/settings_table.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <map>
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

Settings read(std::string const& text, std::map<std::string, std::string> const& variables = {}) {
    File const file(text);
    return read_settings(file.path, [&](std::string const& name) -> std::optional<std::string> {
        auto const found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

std::string refusal(std::string const& text, std::map<std::string, std::string> const& variables = {}) {
    try {
        read(text, variables);
        return "";
    } catch (SettingsError const& error) {
        return error.what();
    }
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

TEST_CASE("what is wrong is named with file, line, key and remedy") {
    CHECK(refusal("[http]\nport = 80\n").find(":2: http.port: there is no such setting; did you mean http.") != std::string::npos);
    CHECK(refusal("[http]\n\nlisten = \"127.0.0.1:99999\"\n").find(":3: http.listen: must be ADDRESS:PORT") != std::string::npos);
    CHECK(refusal("[http]\nthreads = \"two\"\n").find("must be a whole number") != std::string::npos);
    CHECK(refusal("[mail]\ntransport = \"http://x\"\n").find("smtps://") != std::string::npos);
    CHECK(refusal("listen = 1\n").find("sections") != std::string::npos);
    CHECK(refusal("[http\n").find(":1:") != std::string::npos);
    CHECK(refusal("", {{"CONVOKE_MAIL_CONNECTIONS", "many"}}).find("CONVOKE_MAIL_CONNECTIONS") != std::string::npos);
    CHECK(refusal("[http]\ntls_key = \"x\"\n").find("belong together") != std::string::npos);
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
