// Mustache templates for mails and pages. Added at start by one thread and checked with `check()`; `render` is const
// and safe from any thread (a template is parsed once for each language).
//
//   {{name}} {{{name}}} {{#section}} {{^section}} {{! comment }}   as mustache has them
//   {{> parts/when.txt}}              another template in place (resolved at parse time; no recursion)
//   {{! layout: layout.html }}        as the first thing in a template: it is put where the layout says {{> content}}
//   {{#t}}Hello {{name}}{{/t}}        the message "Hello {{name}}" in the reader's language; plain text, no markup and
//                                     no entities inside: it is escaped where the template escapes. White space at
//                                     the ends is dropped and line breaks count as one space.
//   {{language}} {{direction}}        always there: "fr", "ltr"
//
// A template whose name ends in ".html" escapes {{name}} for element content and quoted attributes; others do not.
#pragma once

#include "notifications/rendering/catalogue.hpp"
#include "notifications/rendering/data.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace convoke::rendering {

class Templates {
public:
    // `catalogue` must live longer and be complete before the first render.
    explicit Templates(Catalogue const& catalogue);
    ~Templates();

    // "letters/invitation.txt", "pages/event.html"; a later one of the same name replaces the earlier.
    void add(std::string name, std::string text);
    // What is compiled in: names lose their ending ".mustache" and get the prefix ("pages/").
    template <class Files>
    void add_files(Files const& files, std::string_view prefix = "") {
        for (auto const& file : files) add(name_of(prefix, file.name), std::string(file.bytes));
    }
    // Every "*.mustache" below the directory replaces the template of the same name (the override of the settings).
    // Throws std::filesystem::filesystem_error when the directory cannot be read.
    void add_directory(std::filesystem::path const& directory, std::string_view prefix = "");

    // Parses everything in every language; throws std::runtime_error that names the template and what is wrong.
    void check() const;
    bool has(std::string_view name) const;
    std::vector<std::string> names() const;
    // Every message used by {{#t}} in any template, sorted: for catalogues and tests of completeness.
    std::vector<std::string> messages() const;

    // Throws std::runtime_error for an unknown or broken template. `language` as Catalogue::match takes it.
    std::string render(std::string_view name, std::string_view language, Data const& data) const;

    Catalogue const& catalogue() const { return catalogue_; }

private:
    static std::string name_of(std::string_view prefix, std::string_view file);

    struct Parsed;
    struct State;
    std::shared_ptr<Parsed const> parsed(std::string_view name, std::string const& language) const;

    Catalogue const& catalogue_;
    std::unique_ptr<State> state_;
};

// The letters' own templates ("letters/…"), compiled in.
void add_letter_templates(Templates& templates);

// The escape of ".html" templates, for the rare text that is built outside of one.
std::string escape_html(std::string_view text);

}  // namespace convoke::rendering
