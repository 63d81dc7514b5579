// The dialogue of one LMTP connection (RFC 2033), without sockets: bytes in, bytes out. LHLO, MAIL, RCPT, DATA, RSET,
// NOOP and QUIT; PIPELINING, SIZE, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES. One thread at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::notifications {

struct LmtpRules {
    std::string host_name;                                  // in the greeting
    std::function<bool(std::string_view address)> accepts;  // whether mail for this address is ours
    std::size_t message_bytes = 10 * 1024 * 1024;
    std::size_t command_bytes = 2048;
    std::size_t recipients = 100;
    std::size_t wrong_commands = 20;  // then it is no mail server
};

struct LmtpMail {
    std::string sender;                   // "" for <>
    std::vector<std::string> recipients;  // as named, those accepted; at least one
    std::string bytes;                    // lines end as they came, dots undone
};

// What becomes of the mail for one recipient.
struct LmtpReply {
    int code = 250;    // 250 kept for good, 451 try again later
    std::string text;  // "2.0.0 kept"
};

class LmtpSession {
public:
    explicit LmtpSession(LmtpRules rules);

    struct Step {
        std::string output;            // to be written now
        std::optional<LmtpMail> mail;  // to be taken; nothing more is read until finish()
        bool close = false;            // after the output
    };
    std::string greeting() const;
    Step feed(std::string_view bytes);
    // One reply for each recipient of the mail that feed() gave, in their order.
    Step finish(std::vector<LmtpReply> const& replies);

    bool in_data() const { return state_ == State::data; }

private:
    enum class State { command, data, taking, closed };
    Step go_on();
    void command(std::string_view line, Step& step);
    void mail_from(std::string_view arguments, Step& step);
    void rcpt_to(std::string_view arguments, Step& step);
    void take_data(Step& step);
    void end_of_data(Step& step);
    void wrong(std::string_view reply, Step& step);
    void forget();

    LmtpRules rules_;
    State state_ = State::command;
    bool greeted_ = false, has_sender_ = false, too_large_ = false, line_begins_ = true;
    std::size_t wrong_ = 0;
    std::string input_;
    LmtpMail mail_;
};

}  // namespace convoke::notifications
