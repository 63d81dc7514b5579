// Brings a work programme that a document proposes into a community: one transaction, all or nothing.
// Importing the same document again changes nothing; an edited one changes the same events, and of those only what
// the edit changed, so that dates and links set by hand since stay.
#pragma once

#include "service/domain/documents/programme_document.hpp"
#include "service/domain/event.hpp"
#include "service/usecases/context.hpp"

#include <functional>
#include <string>
#include <vector>

namespace convoke::usecases {

struct ImportOptions {
    std::string community;  // slug
    bool publish = false;   // what is to come is published: visible, and whoever is concerned is invited to fixed days
};

struct ImportedLine {
    enum class Outcome { added, changed, unchanged } outcome = Outcome::added;
    int line = 0;           // in the document
    domain::Event event;
    bool past = false;      // taken as completed; mails nobody
};

struct ImportReport {
    std::vector<ImportedLine> events;
    std::vector<std::string> missing;  // titles that an earlier import brought and this document no longer has; they stay
    bool programme_written = false;
    std::size_t objectives = 0, topics = 0, outputs = 0;

    std::size_t count(ImportedLine::Outcome outcome) const;
};

// `proposed` without faults (else: invalid_state). The actor must organise the community. `progress` is told after each
// event how many are done; it may be told again from the start (verbs may be rerun).
result<ImportReport> import_programme(Transaction& tx, Context const& context, ImportOptions const& options,
                                      domain::documents::ProposedProgramme const& proposed,
                                      std::function<void(std::size_t)> const& progress = {});

}  // namespace convoke::usecases
