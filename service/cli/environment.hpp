// What every command needs: settings, the database at this program's schema, the instance. One per process.
#pragma once

#include "config/reader.hpp"
#include "service/core/clock.hpp"
#include "service/store/database.hpp"
#include "service/usecases/context.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace convoke::cli {

// Ends the command with exit code 1; what() is for the person at the terminal.
struct CommandFailed : std::runtime_error {
    using std::runtime_error::runtime_error;
    explicit CommandFailed(Failure const& failure);
};

class Environment {
public:
    // Throws SettingsRefused for settings that are wrong, all faults at once.
    explicit Environment(config::Sources const& sources);

    config::Settings const& settings() const { return loaded_.settings; }
    config::Loaded const& loaded() const { return loaded_; }
    core::Clock const& clock() const { return clock_; }
    // Opened and migrated at the first call; then the instance is known too.
    store::Database& database();
    usecases::Instance& instance();
    // A command on the server may do everything.
    usecases::Context context() { return {instance(), clock_.now(), domain::Actor::command()}; }

    // The value of a result, or the end of the command.
    template <class T>
    static T need(result<T> answer) {
        if (!answer) throw CommandFailed(answer.error());
        return *std::move(answer);
    }
    static void need(result<void> answer) {
        if (!answer) throw CommandFailed(answer.error());
    }

private:
    config::Loaded loaded_;
    core::SystemClock clock_;
    std::unique_ptr<store::Database> database_;
    usecases::Instance instance_;
};

// "events.example" of "rsvp@events.example".
std::string domain_of(std::string const& address);

}  // namespace convoke::cli
