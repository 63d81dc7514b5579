// The languages we speak: gettext catalogues, English being the source text itself.
// Filled at start by one thread; afterwards every lookup is const and safe from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::rendering {

class Catalogue {
public:
    // Knows English only.
    Catalogue();
    ~Catalogue();
    Catalogue(Catalogue&&) noexcept;
    Catalogue& operator=(Catalogue&&) noexcept;

    // A compiled catalogue (.mo bytes, UTF-8) for "fr", "de" …; several for one language are asked in the order they
    // came. Throws std::runtime_error for bytes that are not a catalogue.
    void add(std::string language, std::string_view mo);
    // What is compiled in: for (auto const& file : embedded::web_catalogues()) — files named "fr.mo", "de.mo".
    template <class Files>
    void add_files(Files const& files) {
        for (auto const& file : files) add(std::string(file.name.substr(0, file.name.find('.'))), file.bytes);
    }

    // "en" first, then those added.
    std::vector<std::string> const& languages() const { return languages_; }
    // The language we have for a BCP 47 tag ("fr-BE" -> "fr", "FR" -> "fr"); "en" for what we do not speak.
    std::string match(std::string_view tag) const;
    // The same for an Accept-Language header, by its weights (RFC 9110 §12.5.4).
    std::string negotiate(std::string_view accept_language) const;

    // The words for `msgid`; the msgid itself where the language or the message is unknown.
    std::string translate(std::string_view language, std::string_view msgid) const;
    // By the language's plural rule. "{n}" in the chosen text becomes the number.
    std::string translate(std::string_view language, std::string_view singular, std::string_view plural, long n) const;
    // Whether a translation exists: for tests of completeness.
    bool has(std::string_view language, std::string_view msgid) const;

private:
    struct Language;
    Language const* find(std::string_view language) const;

    std::vector<std::unique_ptr<Language>> all_;
    std::vector<std::string> languages_;
};

// A catalogue with the messages of notifications/rendering/locale (letters) in it; other rooms add theirs.
Catalogue letter_catalogue();

// "it" -> "Italian", translated: the official languages of the European Union and a few more; else the tag itself.
std::string language_name(Catalogue const& catalogue, std::string_view language, std::string_view tag);

}  // namespace convoke::rendering
