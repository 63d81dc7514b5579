// Objectives and priority topics of a programme, and the codes by which events name them. Any thread; pure.
#pragma once

#include "service/domain/documents/programme_document.hpp"
#include "service/domain/documents/table_reader.hpp"

namespace convoke::domain::documents {

// A table whose first column is called Objectives and whose second Priority Topics.
bool holds_objectives(Table const& table);

// Rows with an empty first cell continue the objective above. '01 Title' and '01 PT 02 Title' give codes and titles; where
// a code is missing, the position gives it, with a note.
std::vector<ProposedObjective> read_objectives(Table const& table, std::vector<std::string>& notes);

// The codes ('03 PT 01') in a cell of topics; a paragraph without a code is looked up by its title. What is found in
// neither way, or under no objective, is left out with a note.
std::vector<std::string> read_topic_codes(std::string_view cell, std::vector<ProposedObjective> const& objectives, int line,
                                          std::vector<std::string>& notes);

}  // namespace convoke::domain::documents
