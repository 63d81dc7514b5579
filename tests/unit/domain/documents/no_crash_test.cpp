// Whatever comes in, a value or a Failure comes out.
#include "service/domain/country.hpp"
#include "service/domain/documents/markup.hpp"
#include "service/domain/documents/members_document.hpp"
#include "service/domain/documents/programme_document.hpp"
#include "service/domain/email_address.hpp"
#include "service/domain/language.hpp"
#include "tests/unit/domain/documents/documents.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <ctime>

using namespace convoke;
using namespace convoke::domain;
using namespace convoke::domain::documents;

namespace {

// Random pieces of what the readers look for, and random bytes between them.
std::string soup() {
    static std::vector<std::string> const pieces = {
        "Date", "Title", "Format", "Topics", "Priority Topics", "Objectives", "\t", "\t", "\n", "\n", "\n\n", "|", "---", "| --- | --- |", ",", ";", "\"", "\"\"",
        "Online event", "Study visit, ", "Koper", ", ", "Slovenia", "Output", "April", "1–12 May", "2031", "(TBC)", "Q2", "/", "Work Programme 2032", "Annex I",
        "01 PT 02", "01 ", "<p>", "</p>", "<", "&amp;", "&#x41;", "&", "¹", "*", "**", "[", "](", "# ", "email", "@", "'", "=", "\r", "\xef\xbb\xbf", "sep=;\n", "–"};
    auto const parts = *rc::gen::container<std::vector<std::string>>(
        rc::gen::weightedOneOf<std::string>({{20, rc::gen::elementOf(pieces)}, {2, rc::gen::arbitrary<std::string>()}}));
    std::string out;
    for (auto const& part : parts) out += part;
    return out;
}

void read_all(std::string const& text) {
    for (char const* name : {"x.txt", "x.csv", "x.tsv", "x.md"}) {
        auto const programme = read_programme(text, name, {}, 1);
        if (programme && !programme->faults.empty()) RC_ASSERT(!as_failure(programme->faults).faults.empty());
        if (programme)
            for (auto const& event : programme->events) RC_ASSERT(!event.title.empty() && event.date.first <= event.date.last);
    }
    (void)read_members(text);
}

}  // namespace

TEST_CASE("no text breaks the readers") {
    CHECK(rc::check("soup", [] { read_all(soup()); }));
    CHECK(rc::check("soup behind a good header", [] {
        read_all("Date\tTitle\tFormat\tPriority Topics\tAim\nMay 2031\tA\tOnline event\t\t\n" + soup());
        read_all("email,name,organisation\n" + soup());
    }));
}

TEST_CASE("no mutation of a good document breaks the readers") {
    std::string const good = sample("lantern-2032.txt");
    CHECK(rc::check("mutations", [&] {
        std::string text = good;
        auto const changes = *rc::gen::container<std::vector<std::pair<std::size_t, char>>>(
            rc::gen::pair(rc::gen::inRange<std::size_t>(0, good.size()), rc::gen::arbitrary<char>()));
        for (auto const& [at, c] : changes) text[at] = c;
        auto const cut = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
        read_all(text);
        read_all(text.substr(cut));
        read_all(text.substr(0, cut));
    }));
}

TEST_CASE("no text breaks the small parsers") {
    CHECK(rc::check("bytes", [] {
        auto const text = *rc::gen::arbitrary<std::string>();
        (void)parse_language(text);
        (void)parse_country(text);
        auto const address = parse_email_address("a@" + text);
        if (address) RC_ASSERT(parse_email_address(address->text())->text() == address->text());
        (void)parse_email_address(text + "@b.example");
    }));
}

TEST_CASE("large hostile texts cost no more than their size") {
    // Reading them takes a second or two, built for debugging; anything that grows with the square takes hours.
    auto const processor_seconds = [] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
    double const before = processor_seconds();
    for (std::string const piece : {"<", "<a ", "[", "*a", "&", "\"", "|", "\t", "\n", " in ", "a,", "Annex I\n\n", "a\tb\nc\n"}) {
        std::string text;
        while (text.size() < 60'000) text += piece;
        (void)read_programme(text, "x.txt", {}, {});
        (void)read_programme("Date\tTitle\tFormat\n" + text + "\tA\tOnline event\n", "x.txt", {}, {});
        (void)read_programme("Date\tTitle\tFormat\nMay 2031\t" + text + "\tOnline event\n", "x.txt", {}, {});
        (void)read_programme("Date\tTitle\tFormat\nMay 2031\tA\t" + text + "\n", "x.txt", {}, {});
        (void)read_members("email,name\na@b.example," + text + "\n");
        INFO(piece);
        REQUIRE(processor_seconds() - before < 40);
    }
}

TEST_CASE("a cell of two million brackets is read in one pass") {
    std::string square;
    while (square.size() < 2'000'000) square += "[]";
    auto const before = std::clock();
    CHECK(plain(square).size() == 2'000'000);
    std::string open;
    while (open.size() < 2'000'000) open += "[a](b";
    CHECK(plain(open).size() == 2'000'000);
    CHECK(plain(std::string(2'000'000, '<')).size() == 2'000'000);
    CHECK(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC < 30);
}
