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
    .window_of_month = "in {0}",
    .window_of_quarter = "in {0}",
    .window_of_year = "in {0}",
    .window_of_day = "{0}",
    .window_of_days = "between {0} and {1}",
    .brief_window = {"{0} (idea)", "{0} (TBC)", "{0} (confirmed, date to follow)"},
    .date_open = {", only an idea so far", ", date to be confirmed", ", confirmed; the exact date will follow"},
    .hour_open = {", only an idea so far", ", to be confirmed", ", confirmed; the hour will follow"},
    .entry_title = {"Idea ({0}): ", "TBC ({0}): ", "Date to follow ({0}): "},
    .entry_line = {"An idea for {0}; nothing is decided yet.", "Planned for {0}; the date is to be confirmed.",
                   "Confirmed for {0}; the exact date will follow."},
    .date_already = "In {0} this is already {1}.",
    .date_still = "In {0} this is still {1}.",
    .ends_on = "In {0} it ends on {1}.",
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
    .reader_forward = "The clocks in {2} go forward {1} on {0}: the dates after it are at another hour there.",
    .reader_back = "The clocks in {2} go back {1} on {0}: the dates after it are at another hour there.",
    .date_skipped = "On {0} the clocks in {3} skip {1}: this date begins at {2} there.",
    .date_repeated = "On {0} it is {1} twice in {3}: this date begins the first time.",
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
    .window_of_month = "en {0}",
    .window_of_quarter = "au {0}",
    .window_of_year = "en {0}",
    .window_of_day = "{0}",
    .window_of_days = "entre le {0} et le {1}",
    .brief_window = {"{0} (idée)", "{0} (à confirmer)", "{0} (confirmé, date à venir)"},
    .date_open = {", simple idée pour l’instant", ", date à confirmer", ", confirmé ; la date exacte suivra"},
    .hour_open = {", simple idée pour l’instant", ", à confirmer", ", confirmé ; l’heure suivra"},
    .entry_title = {"Idée ({0}) : ", "À confirmer ({0}) : ", "Date à venir ({0}) : "},
    .entry_line = {"Une idée pour {0} ; rien n’est encore décidé.", "Prévu : {0} ; la date est à confirmer.",
                   "Confirmé : {0} ; la date exacte suivra."},
    .date_already = "À {0}, ce sera déjà le {1}.",
    .date_still = "À {0}, ce sera encore le {1}.",
    .ends_on = "À {0}, la fin sera le {1}.",
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
    .reader_forward = "À {2}, les horloges avancent {1} le {0} : les dates suivantes y seront à une autre heure.",
    .reader_back = "À {2}, les horloges reculent {1} le {0} : les dates suivantes y seront à une autre heure.",
    .date_skipped = "Le {0}, les horloges sautent {1} à {3} : ce jour-là, on y commence à {2}.",
    .date_repeated = "Le {0}, il est deux fois {1} à {3} : on y commence la première fois.",
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
    .window_of_month = "im {0}",
    .window_of_quarter = "im {0}",
    .window_of_year = "im Jahr {0}",
    .window_of_day = "{0}",
    .window_of_days = "zwischen dem {0} und dem {1}",
    .brief_window = {"{0} (Idee)", "{0} (noch offen)", "{0} (zugesagt, Termin folgt)"},
    .date_open = {", bisher nur eine Idee", ", Termin noch offen", ", zugesagt; der genaue Termin folgt"},
    .hour_open = {", bisher nur eine Idee", ", noch nicht bestätigt", ", zugesagt; die Uhrzeit folgt"},
    .entry_title = {"Idee ({0}): ", "Noch offen ({0}): ", "Termin folgt ({0}): "},
    .entry_line = {"Eine Idee für {0}; beschlossen ist noch nichts.", "Geplant: {0}; der Termin ist noch offen.",
                   "Zugesagt: {0}; der genaue Termin folgt."},
    .date_already = "In {0} ist dann schon {1}.",
    .date_still = "In {0} ist dann noch {1}.",
    .ends_on = "In {0} endet es am {1}.",
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
    .reader_forward = "In {2} werden die Uhren am {0} um {1} vorgestellt: Die Termine danach liegen dort zu einer anderen Uhrzeit.",
    .reader_back = "In {2} werden die Uhren am {0} um {1} zurückgestellt: Die Termine danach liegen dort zu einer anderen Uhrzeit.",
    .date_skipped = "Am {0} überspringen die Uhren in {3} {1}: Dieser Termin beginnt dort um {2}.",
    .date_repeated = "Am {0} ist es in {3} zweimal {1}: Dieser Termin beginnt beim ersten Mal.",
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
