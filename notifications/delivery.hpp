// What became of one attempt to hand a mail over. A plain value.
#pragma once

#include <string>

namespace convoke::notifications {

enum class Outcome {
    sent,      // 250 after the final dot: theirs now
    deferred,  // 4xx for this mail, or the connection broke in the middle of it: again later
    refused,   // 5xx for this recipient or this mail: never again
    paused,    // nothing to do with this mail (connect, TLS, greeting, login, sender refused): the queue waits
};

struct Delivery {
    Outcome outcome = Outcome::paused;
    std::string reason;     // the server's reply or what broke, one printable line
    bool in_doubt = false;  // broke after the final dot: it may have arrived
};

}  // namespace convoke::notifications
