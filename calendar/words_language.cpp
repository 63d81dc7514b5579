#include "calendar/words_language.hpp"

namespace convoke::calendar {
namespace {

using namespace std::chrono;

constexpr Language english{
    .months = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
               "November", "December"},
    .weekdays = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    .day_number = "{0}",
    .first_day_number = "{0}",
    .date = "{0} {1} {2}",
    .date_of_year = "{0} {1}",
    .weekday_date = "{3} {0} {1} {2}",
    .weekday_date_of_year = "{3} {0} {1}",
    .quarter = "Q{0} {1}",
    .brief_window = "{0} (TBC)",
    .window_of_month = "in {0}, date to be confirmed",
    .window_of_quarter = "in {0}, date to be confirmed",
    .window_of_year = "in {0}, date to be confirmed",
    .window_of_day = "{0}, to be confirmed",
    .window_of_days = "between {0} and {1}, date to be confirmed",
    .date_already = "In {0} this is already {1}.",
    .date_still = "In {0} this is still {1}.",
    .clocks_forward = "The clocks change between now and then: on {0} they go forward {1}.",
    .clocks_back = "The clocks change between now and then: on {0} they go back {1}.",
    .clocks_forward_in = "The clocks in {2} change between now and then: on {0} they go forward {1}.",
    .clocks_back_in = "The clocks in {2} change between now and then: on {0} they go back {1}.",
    .one_hour = "one hour",
    .hours = "{0} hours",
    .minutes = "{0} minutes",
    .series = "One of {0} dates from {1} to {2}.",
    .series_forward = "In {2} the clocks go forward {1} on {0}: the dates after it are at the same hour there, but not everywhere.",
    .series_back = "In {2} the clocks go back {1} on {0}: the dates after it are at the same hour there, but not everywhere.",
    .clock_rules = "The rules for clocks in {0} have changed: the hour there stays the same, elsewhere it may differ from what was said before.",
    .offset_then = "{0}, later {1}",
};

constexpr Language french{
    .months = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
               "novembre", "décembre"},
    .weekdays = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    .day_number = "{0}",
    .first_day_number = "{0}er",
    .date = "{0} {1} {2}",
    .date_of_year = "{0} {1}",
    .weekday_date = "{3} {0} {1} {2}",
    .weekday_date_of_year = "{3} {0} {1}",
    .quarter = "T{0} {1}",
    .brief_window = "{0} (à confirmer)",
    .window_of_month = "en {0}, date à confirmer",
    .window_of_quarter = "au {0}, date à confirmer",
    .window_of_year = "en {0}, date à confirmer",
    .window_of_day = "{0}, à confirmer",
    .window_of_days = "entre le {0} et le {1}, date à confirmer",
    .date_already = "À {0}, ce sera déjà le {1}.",
    .date_still = "À {0}, ce sera encore le {1}.",
    .clocks_forward = "L’heure change d’ici là : le {0}, on avance les horloges {1}.",
    .clocks_back = "L’heure change d’ici là : le {0}, on recule les horloges {1}.",
    .clocks_forward_in = "L’heure change d’ici là à {2} : le {0}, on y avance les horloges {1}.",
    .clocks_back_in = "L’heure change d’ici là à {2} : le {0}, on y recule les horloges {1}.",
    .one_hour = "d’une heure",
    .hours = "de {0} heures",
    .minutes = "de {0} minutes",
    .series = "Une des {0} dates du {1} au {2}.",
    .series_forward = "À {2}, les horloges avancent {1} le {0} : les dates suivantes gardent leur heure sur place, mais pas partout ailleurs.",
    .series_back = "À {2}, les horloges reculent {1} le {0} : les dates suivantes gardent leur heure sur place, mais pas partout ailleurs.",
    .clock_rules = "Les règles de l’heure ont changé à {0} : l’heure sur place reste la même, ailleurs elle peut différer de celle annoncée.",
    .offset_then = "{0}, puis {1}",
};

constexpr Language german{
    .months = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
               "November", "Dezember"},
    .weekdays = {"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"},
    .day_number = "{0}.",
    .first_day_number = "{0}.",
    .date = "{0} {1} {2}",
    .date_of_year = "{0} {1}",
    .weekday_date = "{3}, {0} {1} {2}",
    .weekday_date_of_year = "{3}, {0} {1}",
    .quarter = "{0}. Quartal {1}",
    .brief_window = "{0} (noch offen)",
    .window_of_month = "im {0}, Termin noch offen",
    .window_of_quarter = "im {0}, Termin noch offen",
    .window_of_year = "im Jahr {0}, Termin noch offen",
    .window_of_day = "{0}, noch nicht bestätigt",
    .window_of_days = "zwischen dem {0} und dem {1}, Termin noch offen",
    .date_already = "In {0} ist dann schon {1}.",
    .date_still = "In {0} ist dann noch {1}.",
    .clocks_forward = "Bis dahin werden die Uhren umgestellt: am {0} um {1} vor.",
    .clocks_back = "Bis dahin werden die Uhren umgestellt: am {0} um {1} zurück.",
    .clocks_forward_in = "In {2} werden die Uhren bis dahin umgestellt: am {0} um {1} vor.",
    .clocks_back_in = "In {2} werden die Uhren bis dahin umgestellt: am {0} um {1} zurück.",
    .one_hour = "eine Stunde",
    .hours = "{0} Stunden",
    .minutes = "{0} Minuten",
    .series = "Einer von {0} Terminen vom {1} bis zum {2}.",
    .series_forward = "In {2} werden die Uhren am {0} um {1} vorgestellt: Die Termine danach behalten dort ihre Uhrzeit, aber nicht überall.",
    .series_back = "In {2} werden die Uhren am {0} um {1} zurückgestellt: Die Termine danach behalten dort ihre Uhrzeit, aber nicht überall.",
    .clock_rules = "Die Regeln für die Uhren in {0} haben sich geändert: Die Uhrzeit dort bleibt, anderswo kann sie von der bisher genannten abweichen.",
    .offset_then = "{0}, später {1}",
};

std::string date_with(std::string_view pattern, Language const& language, local_days day) {
    year_month_day const ymd{day};
    return filled(pattern, {day_text(language, day), month_text(language, day), std::to_string(static_cast<int>(ymd.year())),
                            language.weekdays[weekday{day}.iso_encoding() - 1]});
}

}  // namespace

Language const& language_of(std::string_view tag) {
    std::string primary;
    for (char c : tag.substr(0, tag.find_first_of("-_"))) primary += static_cast<char>(c | 0x20);
    if (primary == "fr") return french;
    if (primary == "de") return german;
    return english;
}

std::string filled(std::string_view pattern, std::initializer_list<std::string_view> values) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}') {
            out += values.begin()[pattern[i + 1] - '0'];
            i += 2;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

std::string day_text(Language const& language, local_days day) {
    unsigned const number = static_cast<unsigned>(year_month_day{day}.day());
    return filled(number == 1 ? language.first_day_number : language.day_number, {std::to_string(number)});
}

std::string month_text(Language const& language, local_days day) {
    return std::string(language.months[static_cast<unsigned>(year_month_day{day}.month()) - 1]);
}

std::string date_text(Language const& language, local_days day) { return date_with(language.date, language, day); }
std::string date_of_year_text(Language const& language, local_days day) {
    return date_with(language.date_of_year, language, day);
}
std::string weekday_date_text(Language const& language, local_days day) {
    return date_with(language.weekday_date, language, day);
}
std::string weekday_date_of_year_text(Language const& language, local_days day) {
    return date_with(language.weekday_date_of_year, language, day);
}

}  // namespace convoke::calendar
