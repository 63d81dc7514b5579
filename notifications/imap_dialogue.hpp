// Fetching mails from one mailbox, as a state machine without I/O (IMAP4rev1, RFC 3501): bytes in, actions out. It logs in,
// selects the mailbox, and hands over one new mail after another. A mail that was taken is marked and left where it is: by a
// keyword of our own where the server keeps keywords, so that people may look into the mailbox, else as \Seen.
// One connection, one thread. The shell (imap_mailbox.hpp) reads, writes, does TLS and keeps the clocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::notifications {

// One response of the server: its line, with the literals (RFC 3501 §4.3) taken out.
struct ImapResponse {
    std::string line;                   // "* 3 FETCH (UID 7 BODY[]<0> {12})"
    std::vector<std::string> literals;
};

class ImapResponseParser {
public:
    static constexpr std::size_t line_bytes = 1024 * 1024;  // an answer to SEARCH names every mail

    explicit ImapResponseParser(std::size_t literal_bytes) : literal_bytes_(literal_bytes) {}

    enum class State { incomplete, complete, malformed };
    // Takes what belongs to the current response from the front of `bytes` and leaves the rest there.
    State feed(std::string& bytes);
    ImapResponse take();  // after complete; starts over

private:
    std::size_t const literal_bytes_;
    ImapResponse response_;
    std::size_t wanted_ = 0;  // bytes of the literal that are still to come
    bool in_literal_ = false;
};

class ImapDialogue {
public:
    struct Options {
        std::string user, password, mailbox = "INBOX";
        std::size_t mail_bytes = 10 * 1024 * 1024;  // of a longer mail only its beginning is fetched
        std::size_t mails_a_round = 500;
    };
    struct Step {
        enum class Kind {
            read,    // more bytes are needed
            write,   // `bytes`, then read
            ready,   // logged in, or the round is over: look() again after a while
            mail,    // `bytes` is a mail: say taken() about it
            broken,  // `why`; the connection is of no further use
        } kind = Kind::read;
        std::string bytes;
        std::string why;
    };

    explicit ImapDialogue(Options options);

    Step received(std::string_view bytes);
    // A round over what came since that day and was not taken yet. Only after `ready`.
    Step look(std::chrono::year_month_day since);
    // Kept for good: it is marked. Not kept: it stays for a later round. The next one follows.
    Step taken(bool kept);
    Step leave();

    // Whether mails are marked by a keyword of our own. After the first `ready`.
    bool has_keyword() const { return has_keyword_; }

private:
    enum class Phase { greeting, capability, authenticate, login, select, ready, search, fetch, handed_over, mark, leaving };
    Step understand();
    Step on_untagged(ImapResponse const& response);
    Step on_done(std::string_view text);
    Step command(Phase next, std::string text);
    Step next_mail();
    Step broken(std::string why);

    Options options_;
    ImapResponseParser parser_;
    Phase phase_ = Phase::greeting;
    std::string pending_;
    unsigned tag_ = 0;
    bool plain_ = false, login_disabled_ = false, has_keyword_ = false, read_only_ = false;
    std::deque<std::uint32_t> found_;
    std::optional<std::string> fetched_;
};

// A quoted string (RFC 3501 §9). Only for text without control and non-ASCII characters.
std::string imap_quoted(std::string_view text);

}  // namespace convoke::notifications
