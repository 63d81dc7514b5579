// The words of one page: the reader's language, zone and the time at which the page is made. A value; any thread.
#pragma once

#include "calendar/zone.hpp"
#include "notifications/rendering/catalogue.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace convoke::web {

using calendar::sys_seconds;

class Phrases {
public:
    // `catalogue` must live longer. `language` as Catalogue::match gives it.
    Phrases(rendering::Catalogue const& catalogue, std::string language)
        : catalogue_(catalogue), language_(std::move(language)) {}

    std::string operator()(std::string_view msgid) const { return catalogue_.translate(language_, msgid); }
    // "{n}" in the chosen text becomes the number.
    std::string operator()(std::string_view singular, std::string_view plural, long n) const {
        return catalogue_.translate(language_, singular, plural, n);
    }
    // "{name}" in the translated text becomes the value. What a value holds in braces is left alone.
    std::string with(std::string_view msgid,
                     std::initializer_list<std::pair<std::string_view, std::string_view>> values) const;

    std::string const& language() const { return language_; }
    rendering::Catalogue const& catalogue() const { return catalogue_; }

private:
    rendering::Catalogue const& catalogue_;
    std::string language_;
};

struct Reader {
    Phrases say;
    std::string zone;  // the clock they want to read; "" = the event's own
    sys_seconds now;
};

}  // namespace convoke::web
