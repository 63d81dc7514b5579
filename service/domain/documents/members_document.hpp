// A list of members as a spreadsheet exports it. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace convoke::domain::documents {

struct ProposedMember {
    int row = 0;        // as a spreadsheet counts, the header being 1
    std::string email;  // normalised
    std::string name, organisation, category;
    std::string country;    // ISO 3166-1 alpha-2, or ""
    std::string language;   // BCP 47, or ""
    std::string time_zone;  // IANA name, or ""
    std::string role = "member";  // "member" | "chair" | "organiser"
};

struct MembersDocument {
    char delimiter = ',';
    std::vector<std::string> columns;  // the fields that were in the header, by their own names ("timeZone")
    std::vector<ProposedMember> members;
};

// Columns by name in any order, case, spaces, hyphens and underscores ignored: email (required), name, organisation,
// category, country, language, timeZone, role. All rows or a Failure with every fault of every row, each with the pointer
// "row 7, column email". errc of the faults: email_invalid, smtputf8_not_supported, control_character, too_long,
// already_exists (twice in the file), unknown_time_zone, invalid_value (country, language, role), unreadable_row (wrong
// number of cells), unknown_field and required (columns).
result<MembersDocument> read_members(std::string_view csv);

}  // namespace convoke::domain::documents
