#include "service/domain/documents/members_document.hpp"

#include "calendar/zone.hpp"
#include "service/domain/country.hpp"
#include "service/domain/documents/csv.hpp"
#include "service/domain/documents/markup.hpp"
#include "service/domain/email_address.hpp"
#include "service/domain/language.hpp"

#include <array>

namespace convoke::domain::documents {
namespace {

constexpr std::ptrdiff_t longest_text = 200;

constexpr std::array<std::string_view, 8> fields = {"email", "name", "organisation", "category", "country", "language", "timeZone", "role"};

// "Time zone", "time_zone" and "timeZone" are one.
std::string folded_column(std::string_view name) {
    std::string out;
    for (char c : lower(name))
        if (c != ' ' && c != '_' && c != '-') out += c;
    return out == "mail" ? "email" : out == "organization" ? "organisation" : out;
}

std::string_view field_named(std::string_view column) {
    for (std::string_view field : fields)
        if (lower(field) == folded_column(column)) return field;
    return {};
}

std::string known_columns() {
    std::string out;
    for (std::string_view field : fields) out += (out.empty() ? "" : ", ") + std::string(field);
    return out;
}

class MembersReader {
public:
    explicit MembersReader(CsvDocument sheet) : sheet_(std::move(sheet)) { out_.delimiter = sheet_.delimiter; }

    result<MembersDocument> read() {
        if (sheet_.rows.empty())
            return Failure(errc::required, "the file is empty: its first row must name the columns, email at least (known: " + known_columns() + ")");
        read_header(sheet_.rows.front());
        // Without knowing the columns every row would be a fault; one word about the header helps more.
        if (!faults_.empty()) return Failure(std::move(faults_));
        for (std::size_t i = 1; i < sheet_.rows.size(); ++i) read_row(sheet_.rows[i]);
        if (!faults_.empty()) return Failure(std::move(faults_));
        return std::move(out_);
    }

private:
    void fault(int row, std::string_view column, errc code, std::string const& detail) {
        std::string const place = "row " + std::to_string(row) + (column.empty() ? "" : ", column " + std::string(column));
        faults_.push_back({place, code, place + ": " + detail});
    }

    void read_header(CsvRow const& header) {
        std::vector<std::string> cells = header.cells;
        while (!cells.empty() && trimmed(cells.back()).empty()) cells.pop_back();
        for (std::string const& cell : cells) {
            std::string const name = std::string(trimmed(revealed_cell(cell)));
            std::string const field(field_named(name));
            if (field.empty())
                fault(header.row, name.empty() ? "(empty)" : shortened(name, 60), errc::unknown_field, "this column is not known; known are " + known_columns());
            else if (std::find(out_.columns.begin(), out_.columns.end(), field) != out_.columns.end())
                fault(header.row, field, errc::unknown_field, "this column is there twice");
            out_.columns.push_back(field);
        }
        if (std::find(out_.columns.begin(), out_.columns.end(), "email") == out_.columns.end())
            fault(header.row, "email", errc::required,
                  "this column is missing (the first row must name the columns; it was read with the " + std::string(delimiter_name(sheet_.delimiter)) +
                      " between them)");
    }

    void read_row(CsvRow const& row) {
        std::vector<std::string> cells = row.cells;
        if (std::all_of(cells.begin(), cells.end(), [](std::string const& cell) { return trimmed(cell).empty(); })) return;
        while (cells.size() > out_.columns.size() && trimmed(cells.back()).empty()) cells.pop_back();
        if (cells.size() != out_.columns.size())
            return fault(row.row, "", errc::unreadable_row,
                         "has " + std::to_string(cells.size()) + " cells where the header has " + std::to_string(out_.columns.size()));
        ProposedMember member;
        member.row = row.row;
        for (std::size_t i = 0; i < cells.size(); ++i) read_cell(member, out_.columns[i], revealed_cell(cells[i]));
        out_.members.push_back(std::move(member));
    }

    void read_cell(ProposedMember& member, std::string const& field, std::string const& cell) {
        if (std::any_of(cell.begin(), cell.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
            return fault(member.row, field, errc::control_character, "holds a line end or another control character");
        std::string const text(trimmed(cell));
        if (field == "email") read_email(member, text);
        else if (field == "name") read_text(member, field, text, member.name);
        else if (field == "organisation") read_text(member, field, text, member.organisation);
        else if (field == "category") read_text(member, field, text, member.category);
        else if (text.empty()) return;
        else if (field == "country") accept(member, field, text, parse_country(text), member.country);
        else if (field == "language") accept(member, field, text, parse_language(text), member.language);
        else if (field == "timeZone") read_zone(member, text);
        else read_role(member, text);
    }

    void read_email(ProposedMember& member, std::string const& text) {
        auto const address = parse_email_address(text);
        if (!address) return fault(member.row, "email", address.error().code, address.error().detail);
        member.email = address->text();
        auto const [first, fresh] = seen_.emplace(address->key(), member.row);
        if (!fresh) fault(member.row, "email", errc::already_exists, "the address stands in row " + std::to_string(first->second) + " already");
    }

    void read_text(ProposedMember const& member, std::string const& field, std::string const& text, std::string& into) {
        auto const characters = std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
        if (characters > longest_text) return fault(member.row, field, errc::too_long, "has more than " + std::to_string(longest_text) + " characters");
        into = text;
    }

    void accept(ProposedMember const& member, std::string const& field, std::string const& text, result<std::string> read, std::string& into) {
        if (!read) return fault(member.row, field, read.error().code, "'" + shortened(text, 60) + "': " + read.error().detail);
        into = *std::move(read);
    }

    void read_zone(ProposedMember& member, std::string const& text) {
        if (auto const known = calendar::check_zone(text); !known) return fault(member.row, "timeZone", known.error().code, known.error().detail);
        member.time_zone = text;
    }

    void read_role(ProposedMember& member, std::string const& text) {
        std::string const role = lower(text);
        if (role == "member" || role == "chair" || role == "organiser") member.role = role;
        else fault(member.row, "role", errc::invalid_value, "'" + shortened(text, 60) + "' is no role: member, chair or organiser");
    }

    CsvDocument sheet_;
    MembersDocument out_;
    std::vector<Fault> faults_;
    std::map<std::string, int> seen_;
};

}  // namespace

result<MembersDocument> read_members(std::string_view csv) {
    CONVOKE_TRY(sheet, read_csv(csv));
    return MembersReader(std::move(sheet)).read();
}

}  // namespace convoke::domain::documents
