// The SMTP client as a state machine without I/O (RFC 5321, 3207, 4954): bytes in, actions out. One connection, one
// thread. The shell (smtp_client.hpp) reads, writes, does TLS and keeps the clocks.
#pragma once

#include "notifications/delivery.hpp"
#include "notifications/mail.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::notifications {

struct SmtpReply {
    int code = 0;
    std::vector<std::string> lines;  // without the code
    std::string text() const;        // "550 5.1.1 no such user", one line, printable, at most 500 characters
};

// Bytes to replies. Refuses lines over 2 KB, replies over 100 lines, codes outside 200–599, mixed codes.
class SmtpReplyParser {
public:
    enum class State { incomplete, complete, malformed };
    // Takes what belongs to the current reply from the front of `bytes` and leaves the rest there.
    State feed(std::string& bytes);
    SmtpReply take();                // after complete; starts over
    std::string const& fault() const { return fault_; }

private:
    State line(std::string_view text);

    SmtpReply reply_;
    std::string fault_;
};

struct SmtpLogin {
    std::string user, password;
};

class SmtpDialogue {
public:
    struct Options {
        std::string client_name;         // EHLO argument: a domain or an address literal "[127.0.0.1]"
        bool starttls = false;           // required before anything else
        std::optional<SmtpLogin> login;  // needs TLS: never sent without
    };
    enum class Phase { greeting, ehlo, helo, starttls, handshake, auth, ready, envelope, data, body, reset, quitting, closed };
    // What the shell does next.
    struct Step {
        enum class Kind {
            read,       // more bytes are needed
            write,      // `bytes`, in one write, then read
            handshake,  // TLS now; then call secured()
            ready,      // logged in: begin() a mail or quit()
            delivered,  // `delivery` is the outcome of the mail; the connection is ready again unless `close`
            close,      // `delivery` says why; the connection is of no further use
        } kind = Kind::read;
        std::string bytes;
        Delivery delivery;
        bool close = false;
    };

    // `secure`: the connection is TLS from its first byte (smtps).
    SmtpDialogue(Options options, bool secure);

    Step received(std::string_view bytes);  // as they come, one byte or many
    Step secured();                         // the handshake is done
    Step begin(Envelope const& envelope);   // only in `ready`
    Step quit();
    // The connection broke, a deadline passed, or TLS failed: what that means where we are. After the final dot the
    // mail is in doubt: deferred, to be sent again with the same bytes.
    Delivery lost(std::string_view why) const;

    Phase phase() const { return phase_; }
    // Waiting for the first reply to a mail: nothing of it has left yet, it may go over another connection at once.
    bool nothing_sent() const { return phase_ == Phase::ready || (phase_ == Phase::envelope && !recipient_named_); }

private:
    Step understand();
    Step on_reply(SmtpReply const& reply);
    Step on_hello(SmtpReply const& reply);
    Step on_auth(SmtpReply const& reply);
    Step on_mail(SmtpReply const& reply);
    Step on_recipient(SmtpReply const& reply);
    Step on_data(SmtpReply const& reply);
    Step on_body(SmtpReply const& reply);
    Step after_hello();
    Step log_in();
    Step ready();
    Step write(Phase next, std::string line);
    Step delivered(Outcome outcome, SmtpReply const& reply);
    Step delivered_after_reset(Outcome outcome, SmtpReply const& reply);
    Step fail(Delivery delivery);
    Step pause(std::string reason);

    // RFC 3207 §4.2: all of it is forgotten after STARTTLS.
    struct Capabilities {
        bool starttls = false, size = false, eight_bit = false, plain = false, login = false;
        unsigned long long max_size = 0;
    };
    enum class AuthStep { plain, login_user, login_password };

    Options options_;
    bool secure_;
    Phase phase_ = Phase::greeting;
    SmtpReplyParser parser_;
    std::string pending_;  // received, not yet understood
    Capabilities offers_;
    AuthStep auth_ = AuthStep::plain;
    Envelope mail_;
    bool recipient_named_ = false;
    Delivery after_reset_;
};

// RFC 5321 §4.5.2: a dot before every line that starts with one, and the final CRLF.CRLF. `text` has CRLF line ends.
std::string stuff_dots(std::string_view text);

}  // namespace convoke::notifications
