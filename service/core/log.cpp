#include "service/core/log.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <mutex>

namespace convoke::core::log {
namespace {

// Standard error, in pieces of several lines where nobody asks for a flush.
class StandardError final : public spdlog::sinks::base_sink<std::mutex> {
public:
    ~StandardError() override { flush_(); }

private:
    void sink_it_(spdlog::details::log_msg const& message) override {
        formatter_->format(message, waiting_);
        if (waiting_.size() > 8 * 1024) flush_();
    }

    void flush_() override {
        for (char const *at = waiting_.data(), *end = at + waiting_.size(); at < end;) {
            auto const written = ::write(STDERR_FILENO, at, static_cast<std::size_t>(end - at));
            if (written < 0 && errno != EINTR) break;  // nobody is left to tell
            at += std::max<ssize_t>(written, 0);
        }
        waiting_.clear();
    }

    spdlog::memory_buf_t waiting_;
};

struct Loggers {
    // Two names for one sink, so that the lines keep their order: what is said at once, and what may wait a second.
    Loggers() : at_once("convoke", std::make_shared<StandardError>()), buffered(std::make_shared<spdlog::logger>("convoke-access", at_once.sinks().front())) {
        for (auto* logger : {&at_once, buffered.get()}) {
            logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
            logger->set_level(spdlog::level::info);
        }
        at_once.flush_on(spdlog::level::debug);
        spdlog::register_logger(buffered);
    }
    spdlog::logger at_once;
    std::shared_ptr<spdlog::logger> buffered;
};

Loggers& loggers() {
    static Loggers instance;
    return instance;
}

spdlog::logger& logger() { return loggers().at_once; }

spdlog::level::level_enum translated(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warn: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
        case Level::off: return spdlog::level::off;
    }
    return spdlog::level::info;
}

bool is_plain(std::string_view value) {
    if (value.empty()) return false;
    for (unsigned char c : value)
        if (c <= ' ' || c == '"' || c == '\\' || c == '=' || c >= 0x7f) return false;
    return true;
}

// A terminal must not obey what a line quotes: C0, DEL and (as UTF-8) C1 control characters are written
// as escapes. Other non-ASCII bytes stay as they are.
void append_quoted(std::string& out, std::string_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    auto escape = [&](unsigned char c) {
        out += "\\x";
        out += digits[c >> 4];
        out += digits[c & 15];
    };
    out += '"';
    for (std::size_t i = 0; i < value.size(); ++i) {
        auto const c = static_cast<unsigned char>(value[i]);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c < ' ' || c == 0x7f) {
            escape(c);
        } else if (c == 0xc2 && i + 1 < value.size() && static_cast<unsigned char>(value[i + 1]) < 0xa0) {
            escape(c);
            escape(static_cast<unsigned char>(value[++i]));
        } else {
            out += static_cast<char>(c);
        }
    }
    out += '"';
}

void write(Level level, std::string_view component, std::string_view event, Fields fields) {
    auto const at = translated(level);
    if (!logger().should_log(at)) return;
    logger().log(at, spdlog::string_view_t(render(component, event, fields)));
}

}  // namespace

std::string render(std::string_view component, std::string_view event, Fields fields) {
    std::string line;
    line.reserve(256);
    line += component;
    line += ' ';
    line += event;
    for (auto const& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        if (is_plain(field.value))
            line += field.value;
        else
            append_quoted(line, field.value);
    }
    return line;
}

void set_level(Level level) {
    logger().set_level(translated(level));
    loggers().buffered->set_level(translated(level));
}

bool set_level(std::string_view name) {
    if (name == "debug") set_level(Level::debug);
    else if (name == "info") set_level(Level::info);
    else if (name == "warn") set_level(Level::warn);
    else if (name == "error") set_level(Level::error);
    else if (name == "off") set_level(Level::off);
    else return false;
    return true;
}

void access(std::string_view component, std::string_view event, Fields fields) {
    static std::once_flag flushing;
    std::call_once(flushing, [] { spdlog::flush_every(std::chrono::seconds(1)); });
    auto& buffered = *loggers().buffered;
    if (buffered.should_log(spdlog::level::info)) buffered.log(spdlog::level::info, spdlog::string_view_t(render(component, event, fields)));
}

void debug(std::string_view component, std::string_view event, Fields fields) { write(Level::debug, component, event, fields); }
void info(std::string_view component, std::string_view event, Fields fields) { write(Level::info, component, event, fields); }
void warn(std::string_view component, std::string_view event, Fields fields) { write(Level::warn, component, event, fields); }
void error(std::string_view component, std::string_view event, Fields fields) { write(Level::error, component, event, fields); }

}  // namespace convoke::core::log
