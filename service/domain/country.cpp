#include "service/domain/country.hpp"

#include <array>

namespace convoke::domain {
namespace {

constexpr auto eu = Union::eu;
constexpr auto eea = Union::eea;

constexpr auto table = std::to_array<Country>({
    {"AT", "Austria", eu}, {"BE", "Belgium", eu}, {"BG", "Bulgaria", eu}, {"CY", "Cyprus", eu}, {"CZ", "Czechia", eu},
    {"DE", "Germany", eu}, {"DK", "Denmark", eu}, {"EE", "Estonia", eu}, {"ES", "Spain", eu}, {"FI", "Finland", eu},
    {"FR", "France", eu}, {"GR", "Greece", eu}, {"HR", "Croatia", eu}, {"HU", "Hungary", eu}, {"IE", "Ireland", eu},
    {"IT", "Italy", eu}, {"LT", "Lithuania", eu}, {"LU", "Luxembourg", eu}, {"LV", "Latvia", eu}, {"MT", "Malta", eu},
    {"NL", "Netherlands", eu}, {"PL", "Poland", eu}, {"PT", "Portugal", eu}, {"RO", "Romania", eu},
    {"SE", "Sweden", eu}, {"SI", "Slovenia", eu}, {"SK", "Slovakia", eu},
    {"IS", "Iceland", eea}, {"LI", "Liechtenstein", eea}, {"NO", "Norway", eea},
    {"AD", "Andorra"}, {"AE", "United Arab Emirates"}, {"AF", "Afghanistan"}, {"AG", "Antigua and Barbuda"},
    {"AI", "Anguilla"}, {"AL", "Albania"}, {"AM", "Armenia"}, {"AO", "Angola"}, {"AQ", "Antarctica"},
    {"AR", "Argentina"}, {"AS", "American Samoa"}, {"AU", "Australia"}, {"AW", "Aruba"}, {"AX", "Åland Islands"},
    {"AZ", "Azerbaijan"}, {"BA", "Bosnia and Herzegovina"}, {"BB", "Barbados"}, {"BD", "Bangladesh"},
    {"BF", "Burkina Faso"}, {"BH", "Bahrain"}, {"BI", "Burundi"}, {"BJ", "Benin"}, {"BL", "Saint Barthélemy"},
    {"BM", "Bermuda"}, {"BN", "Brunei"}, {"BO", "Bolivia"}, {"BQ", "Bonaire, Sint Eustatius and Saba"},
    {"BR", "Brazil"}, {"BS", "Bahamas"}, {"BT", "Bhutan"}, {"BV", "Bouvet Island"}, {"BW", "Botswana"},
    {"BY", "Belarus"}, {"BZ", "Belize"}, {"CA", "Canada"}, {"CC", "Cocos (Keeling) Islands"},
    {"CD", "Democratic Republic of the Congo"}, {"CF", "Central African Republic"}, {"CG", "Congo"},
    {"CH", "Switzerland"}, {"CI", "Côte d’Ivoire"}, {"CK", "Cook Islands"}, {"CL", "Chile"}, {"CM", "Cameroon"},
    {"CN", "China"}, {"CO", "Colombia"}, {"CR", "Costa Rica"}, {"CU", "Cuba"}, {"CV", "Cabo Verde"},
    {"CW", "Curaçao"}, {"CX", "Christmas Island"}, {"DJ", "Djibouti"}, {"DM", "Dominica"},
    {"DO", "Dominican Republic"}, {"DZ", "Algeria"}, {"EC", "Ecuador"}, {"EG", "Egypt"}, {"EH", "Western Sahara"},
    {"ER", "Eritrea"}, {"ET", "Ethiopia"}, {"FJ", "Fiji"}, {"FK", "Falkland Islands"}, {"FM", "Micronesia"},
    {"FO", "Faroe Islands"}, {"GA", "Gabon"}, {"GB", "United Kingdom"}, {"GD", "Grenada"}, {"GE", "Georgia"},
    {"GF", "French Guiana"}, {"GG", "Guernsey"}, {"GH", "Ghana"}, {"GI", "Gibraltar"}, {"GL", "Greenland"},
    {"GM", "Gambia"}, {"GN", "Guinea"}, {"GP", "Guadeloupe"}, {"GQ", "Equatorial Guinea"},
    {"GS", "South Georgia and the South Sandwich Islands"}, {"GT", "Guatemala"}, {"GU", "Guam"},
    {"GW", "Guinea-Bissau"}, {"GY", "Guyana"}, {"HK", "Hong Kong"}, {"HM", "Heard Island and McDonald Islands"},
    {"HN", "Honduras"}, {"HT", "Haiti"}, {"ID", "Indonesia"}, {"IL", "Israel"}, {"IM", "Isle of Man"},
    {"IN", "India"}, {"IO", "British Indian Ocean Territory"}, {"IQ", "Iraq"}, {"IR", "Iran"}, {"JE", "Jersey"},
    {"JM", "Jamaica"}, {"JO", "Jordan"}, {"JP", "Japan"}, {"KE", "Kenya"}, {"KG", "Kyrgyzstan"}, {"KH", "Cambodia"},
    {"KI", "Kiribati"}, {"KM", "Comoros"}, {"KN", "Saint Kitts and Nevis"}, {"KP", "North Korea"},
    {"KR", "South Korea"}, {"KW", "Kuwait"}, {"KY", "Cayman Islands"}, {"KZ", "Kazakhstan"}, {"LA", "Laos"},
    {"LB", "Lebanon"}, {"LC", "Saint Lucia"}, {"LK", "Sri Lanka"}, {"LR", "Liberia"}, {"LS", "Lesotho"},
    {"LY", "Libya"}, {"MA", "Morocco"}, {"MC", "Monaco"}, {"MD", "Moldova"}, {"ME", "Montenegro"},
    {"MF", "Saint Martin"}, {"MG", "Madagascar"}, {"MH", "Marshall Islands"}, {"MK", "North Macedonia"},
    {"ML", "Mali"}, {"MM", "Myanmar"}, {"MN", "Mongolia"}, {"MO", "Macao"}, {"MP", "Northern Mariana Islands"},
    {"MQ", "Martinique"}, {"MR", "Mauritania"}, {"MS", "Montserrat"}, {"MU", "Mauritius"}, {"MV", "Maldives"},
    {"MW", "Malawi"}, {"MX", "Mexico"}, {"MY", "Malaysia"}, {"MZ", "Mozambique"}, {"NA", "Namibia"},
    {"NC", "New Caledonia"}, {"NE", "Niger"}, {"NF", "Norfolk Island"}, {"NG", "Nigeria"}, {"NI", "Nicaragua"},
    {"NP", "Nepal"}, {"NR", "Nauru"}, {"NU", "Niue"}, {"NZ", "New Zealand"}, {"OM", "Oman"}, {"PA", "Panama"},
    {"PE", "Peru"}, {"PF", "French Polynesia"}, {"PG", "Papua New Guinea"}, {"PH", "Philippines"}, {"PK", "Pakistan"},
    {"PM", "Saint Pierre and Miquelon"}, {"PN", "Pitcairn"}, {"PR", "Puerto Rico"}, {"PS", "Palestine"},
    {"PW", "Palau"}, {"PY", "Paraguay"}, {"QA", "Qatar"}, {"RE", "Réunion"}, {"RS", "Serbia"}, {"RU", "Russia"},
    {"RW", "Rwanda"}, {"SA", "Saudi Arabia"}, {"SB", "Solomon Islands"}, {"SC", "Seychelles"}, {"SD", "Sudan"},
    {"SG", "Singapore"}, {"SH", "Saint Helena, Ascension and Tristan da Cunha"}, {"SJ", "Svalbard and Jan Mayen"},
    {"SL", "Sierra Leone"}, {"SM", "San Marino"}, {"SN", "Senegal"}, {"SO", "Somalia"}, {"SR", "Suriname"},
    {"SS", "South Sudan"}, {"ST", "São Tomé and Príncipe"}, {"SV", "El Salvador"}, {"SX", "Sint Maarten"},
    {"SY", "Syria"}, {"SZ", "Eswatini"}, {"TC", "Turks and Caicos Islands"}, {"TD", "Chad"},
    {"TF", "French Southern Territories"}, {"TG", "Togo"}, {"TH", "Thailand"}, {"TJ", "Tajikistan"},
    {"TK", "Tokelau"}, {"TL", "Timor-Leste"}, {"TM", "Turkmenistan"}, {"TN", "Tunisia"}, {"TO", "Tonga"},
    {"TR", "Türkiye"}, {"TT", "Trinidad and Tobago"}, {"TV", "Tuvalu"}, {"TW", "Taiwan"}, {"TZ", "Tanzania"},
    {"UA", "Ukraine"}, {"UG", "Uganda"}, {"UM", "United States Minor Outlying Islands"}, {"US", "United States"},
    {"UY", "Uruguay"}, {"UZ", "Uzbekistan"}, {"VA", "Holy See"}, {"VC", "Saint Vincent and the Grenadines"},
    {"VE", "Venezuela"}, {"VG", "British Virgin Islands"}, {"VI", "United States Virgin Islands"}, {"VN", "Vietnam"},
    {"VU", "Vanuatu"}, {"WF", "Wallis and Futuna"}, {"WS", "Samoa"}, {"YE", "Yemen"}, {"YT", "Mayotte"},
    {"ZA", "South Africa"}, {"ZM", "Zambia"}, {"ZW", "Zimbabwe"},
});
static_assert(table.size() == 249, "ISO 3166-1 has 249 assigned codes");

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return fold(x) == fold(y); });
}

}  // namespace

std::span<Country const> countries() { return table; }

Country const* find_country(std::string_view code) {
    for (Country const& country : table)
        if (country.code == code) return &country;
    return nullptr;
}

std::string_view country_name(std::string_view code) {
    Country const* country = find_country(code);
    return country ? country->name : std::string_view();
}

bool is_member_state(std::string_view code) {
    Country const* country = find_country(code);
    return country && country->belongs == Union::eu;
}

result<std::string> parse_country(std::string_view text) {
    if (same(text, "EL")) return std::string("GR");
    if (same(text, "UK")) return std::string("GB");
    for (Country const& country : table)
        if (same(text, country.code) || same(text, country.name)) return std::string(country.code);
    return Failure(errc::invalid_value,
                   "unknown country: a code of two letters (ISO 3166-1) such as 'IE' or a name such as 'Ireland' is needed");
}

}  // namespace convoke::domain
