#include "service/domain/demo/demo_people.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <span>

namespace convoke::domain::demo {
namespace {

struct Organisation {
    std::string_view name, category;
};

struct Person {
    std::string_view name;
    std::string_view zone = {}, language = {};  // where they differ from the country's
};

struct Group {
    std::string_view country, zone, language;
    std::vector<Organisation> organisations;  // taken in turn
    std::vector<Person> people;
};

constexpr std::string_view authority = "managing authority";
constexpr std::string_view intermediate = "intermediate body";
constexpr std::string_view implementing = "implementing organisation";
constexpr std::string_view ngo = "NGO";
constexpr std::string_view non_profit = "non-profit organisation";
constexpr std::string_view ministry = "line ministry";
constexpr std::string_view commission = "European Commission";
constexpr std::string_view other = "other stakeholder";

std::vector<Group> groups() {
    return {
        {"BE", "Europe/Brussels", "nl",
         {{"Directorate for Social Investment, Unit 4", commission}, {"Vlaams Agentschap Wonen en Werk", authority}, {"Maison de l'Habitat Wallonie", intermediate},
          {"Thuis voor Iedereen vzw", ngo}, {"Directorate for Social Investment, Unit 7", commission}},
         {{"Liesbeth Vandenhoute"}, {"Joris Claeskens"}, {"Aurélie Dumonceau", "", "fr"}, {"Pieter Moerkens"}, {"Nathalie Wauthoz", "", "fr"}, {"Bram Desmedts"},
          {"Céline Hautecœur", "", "fr"}, {"Tine Roosebeke"}, {"Olivier Lambiotte", "", "fr"}, {"Marit Verhelstraete"}, {"Wout Kerckaert"}, {"Ilse Baetemans"},
          {"Géraldine Thonnard", "", "fr"}}},
        {"DE", "Europe/Berlin", "de",
         {{"Landesbehörde für Wohnen und Teilhabe Nord", authority}, {"Förderstelle Soziale Stadt", intermediate}, {"Dach und Tür e. V.", ngo},
          {"Kommunalverbund Mitteltal", implementing}},
         {{"Annegret Süßkind"}, {"Thorsten Wellmann"}, {"Katrin Obermoser"}, {"Jürgen Haßlacher"}, {"Mareike Thomsen"}, {"Detlef Krögersdorf"}, {"Svenja Altweg"},
          {"Matthias Feldhusen"}, {"Gudrun Bärenfänger"}, {"Holger Zwickel"}, {"Ines Rautenstrauch"}, {"Lorenz Pfeilschmidt"}}},
        {"FR", "Europe/Paris", "fr",
         {{"Agence régionale du logement inclusif", authority}, {"Clés en Main", ngo}, {"Mission habitat et quartiers", intermediate}},
         {{"Mélanie Tournadre"}, {"Benoît Chastagnol"}, {"Hélène Farigoule"}, {"Thibault Quémeneur"}, {"Solène Aubrespin"}, {"Franck Desroziers"}, {"Inès Malafosse"},
          {"Cédric Vauquelin"}, {"Françoise Penhoat"}, {"Loïc Brétécher"}}},
        {"IT", "Europe/Rome", "it",
         {{"Autorità per l'abitare sociale Centro", authority}, {"Cooperativa Porte Aperte", non_profit}, {"Ufficio coesione e casa", intermediate},
          {"Rete Vicinato Solidale", ngo}},
         {{"Giuditta Campolmi"}, {"Ruggero Bellandini"}, {"Nicolò Tassinarelli"}, {"Ornella Sabbadin"}, {"Fiorenza Marchesotti"}, {"Loris Gambacciani"}, {"Ilaria Pescarolo"},
          {"Saverio Quintavalle"}, {"Beatrice Ronconelli"}, {"Ettore Malvestiti"}, {"Luisella Granduzzi"}}},
        {"ES", "Europe/Madrid", "es",
         {{"Agencia de Vivienda Inclusiva del Norte", authority}, {"Fundación Puerta Común", non_profit}, {"Servicio de Cohesión y Barrios", intermediate}},
         {{"Begoña Larrumbide"}, {"Íñigo Zubizarraga"}, {"Montserrat Pujadell"}, {"Evaristo Cañizal"}, {"Rocío Valdehermoso"}, {"Gonzalo Peñalosilla"},
          {"Nayra Betancurt", "Atlantic/Canary"}, {"Álvaro Montejícar"}, {"Leticia Burgueño"}, {"Jordi Castellblanch"}, {"Maruxa Outeiriño"}}},
        {"PT", "Europe/Lisbon", "pt",
         {{"Autoridade de Gestão Habitar 2030", authority}, {"Associação Porta ao Lado", ngo}, {"Direção Regional da Habitação", intermediate}},
         {{"Conceição Vilarinho"}, {"Duarte Mascarenho"}, {"Inês Quintaneiro"}, {"Rui Fontainhas", "Atlantic/Azores"}, {"Graça Medeirinho", "Atlantic/Azores"},
          {"João Carvalhosa"}, {"Leonor Taveiros", "Atlantic/Madeira"}, {"Anselmo Brandariz"}, {"Filipa Nogueirão"}}},
        {"GR", "Europe/Athens", "el",
         {{"Special Service for Inclusive Housing", authority}, {"Municipal Company of Neighbourhoods", implementing}, {"Stegi for All", ngo}},
         {{"Katerina Papalexandri"}, {"Stavros Mavromatidis"}, {"Eleftheria Kanellou"}, {"Thanasis Vourliotis"}, {"Despina Karagiorga"}, {"Manolis Xenakopoulos"},
          {"Ioanna Theodorakea"}, {"Pavlos Gerontaris"}}},
        {"IE", "Europe/Dublin", "en",
         {{"Office for Social Housing Programmes", authority}, {"Open Door Network", ngo}, {"Western Counties Partnership", implementing}},
         {{"Gráinne Mulvihall"}, {"Fergus O'Tierney"}, {"Sorcha Ní Dhuibhir", "", "ga"}, {"Colm Hanratty"}, {"Bláthnaid Keaveney"}, {"Declan Fogarthy"}, {"Niamh Corrigane"},
          {"Ruairí Mac Eochaidh", "", "ga"}}},
        {"PL", "Europe/Warsaw", "pl",
         {{"Regionalny Urząd Spójności", authority}, {"Fundacja Wspólny Próg", ngo}, {"Departament Mieszkalnictwa Społecznego", ministry}},
         {{"Agnieszka Borowiecka"}, {"Łukasz Trzciński"}, {"Małgorzata Wróblicka"}, {"Przemysław Kędziora"}, {"Żaneta Olszowska"}, {"Bartosz Gąsienica"},
          {"Dorota Śmiałek"}, {"Zbigniew Rogoziński"}}},
        {"NL", "Europe/Amsterdam", "nl",
         {{"Uitvoeringsdienst Wonen en Meedoen", authority}, {"Stichting Naast de Deur", non_profit}, {"Gemeente Oosterwaard", implementing}},
         {{"Femke Hoogstraate"}, {"Sjoerd van der Wielen"}, {"Anouk Brandsema"}, {"Maarten Kuipershoek"}, {"Yfke Dijkgraaf"}, {"Ruben Oosterling"}, {"Marloes ten Haave"}}},
        {"SE", "Europe/Stockholm", "sv",
         {{"Myndigheten för boende och delaktighet", authority}, {"Öppna Dörrar", ngo}},
         {{"Åsa Lindkvister"}, {"Göran Öhrnell"}, {"Malin Sjödahlen"}, {"Fredrik Hällgren"}, {"Ebba Wennerholm"}, {"Torbjörn Ekelöv"}}},
        {"FI", "Europe/Helsinki", "fi",
         {{"Asumisen ja osallisuuden virasto", authority}, {"Naapurusto ry", ngo}},
         {{"Päivi Lehtoranta"}, {"Jukka Hämeenaho"}, {"Annika Söderqvistson", "", "sv"}, {"Mikko Väisälahti"}, {"Riikka Korpijärvi"}, {"Eero Tuomaala"}}},
        {"AT", "Europe/Vienna", "de",
         {{"Fondsstelle Wohnen und Arbeit", authority}, {"Verein Nebenan", ngo}},
         {{"Verena Hinteregg"}, {"Gernot Pfandlhuber"}, {"Bettina Schwaighöfer"}, {"Klemens Oberlechler"}, {"Silvia Trattnigg"}, {"Raimund Köstenberg"}}},
        {"RO", "Europe/Bucharest", "ro",
         {{"Autoritatea pentru Locuire Incluzivă", authority}, {"Asociația Prag Comun", ngo}, {"Ministry for Communities, Housing Unit", ministry}},
         {{"Ștefania Munteanca"}, {"Răzvan Dobrogeanu"}, {"Ioana Țurcanița"}, {"Cătălin Brezoianu"}, {"Mădălina Vulpescu"}, {"Octavian Găvăneanu"}}},
        {"BG", "Europe/Sofia", "bg",
         {{"Executive Agency for Homes and Inclusion", authority}, {"Neighbour Foundation Plovdiv", non_profit}},
         {{"Desislava Karadimova"}, {"Plamen Stoychevski"}, {"Gergana Velkovska"}, {"Asen Drenkov"}, {"Milena Trayanska"}}},
        {"CZ", "Europe/Prague", "cs",
         {{"Řídicí orgán Bydlení", authority}, {"Společný práh z. s.", ngo}},
         {{"Zdeňka Horáčková"}, {"Vojtěch Říhánek"}, {"Lenka Pospíchalová"}, {"Ondřej Žižlavský"}, {"Markéta Dvořáčková"}}},
        {"HR", "Europe/Zagreb", "hr",
         {{"Ured za uključivo stanovanje", authority}, {"Udruga Susjed", ngo}},
         {{"Željka Brajković"}, {"Dražen Petrinović"}, {"Ivana Škarićeva"}, {"Tomislav Crnogaj"}, {"Đurđica Lončarek"}}},
        {"LT", "Europe/Vilnius", "lt",
         {{"Įtraukaus būsto agentūra", authority}, {"Bendras slenkstis", ngo}},
         {{"Rūta Žemaitaitė"}, {"Mindaugas Vaičekonis"}, {"Jūratė Grigalytė"}, {"Algirdas Šimkevičius"}}},
        {"EE", "Europe/Tallinn", "et",
         {{"Elamise ja Kaasamise Amet", authority}, {"MTÜ Naabrid", ngo}},
         {{"Kadri Põldsaar"}, {"Tõnu Rebasmäe"}, {"Liis Järvekülg"}, {"Ülle Kuusemets"}}},
        {"CY", "Asia/Nicosia", "el",
         {{"Housing and Cohesion Service", authority}, {"Shared Courtyard", other}},
         {{"Androulla Hadjimichaeli"}, {"Kyriakos Zenonos"}, {"Eleni Panteliou"}}},
        {"MT", "Europe/Malta", "mt",
         {{"Agency for Homes and Communities", authority}, {"Bieb Miftuħ", ngo}},
         {{"Maria Dolores Żerafa"}, {"Ġorġ Buttiġieġ"}, {"Roberta Camillerini", "", "en"}}},
    };
}

// "Łukasz Trzciński" -> "lukasz.trzcinski": letters without their marks, the rest as dots.
std::string mailbox_of(std::string_view name) {
    UErrorCode status = U_ZERO_ERROR;
    icu::Normalizer2 const* decomposed = icu::Normalizer2::getNFDInstance(status);
    icu::UnicodeString text = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
    if (U_SUCCESS(status)) text = decomposed->normalize(text, status);
    text.toLower();
    std::string out;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        UChar32 const c = text.char32At(i);
        if (c < 0x80 && u_isalnum(c)) out += static_cast<char>(c);
        else if (c == 0x142) out += 'l';         // ł
        else if (c == 0x111) out += 'd';         // đ
        else if (c == 0x127) out += 'h';         // ħ
        else if (c == 0xdf) out += "ss";         // ß
        else if (c == 0x153) out += "oe";        // œ
        else if (c == ' ' && !out.empty() && out.back() != '.') out += '.';
    }
    return out;
}

}  // namespace

std::vector<Member> demo_people() {
    std::vector<Member> people;
    for (Group const& group : groups())
        for (std::size_t i = 0; i < group.people.size(); ++i) {
            Person const& person = group.people[i];
            Organisation const& organisation = group.organisations[i % group.organisations.size()];
            Member member;
            member.name = person.name;
            member.email = mailbox_of(person.name) + "@members.convoke.example";
            member.organisation = organisation.name;
            member.category = organisation.category;
            member.country = group.country;
            member.language = person.language.empty() ? group.language : person.language;
            member.time_zone = person.zone.empty() ? group.zone : person.zone;
            member.role = people.size() < 2 ? "chair" : "member";
            people.push_back(std::move(member));
        }
    return people;
}

}  // namespace convoke::domain::demo
