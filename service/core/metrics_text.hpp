// Prometheus' text format 0.0.4, written family by family. A plain value; one thread at a time.
//
//     MetricsText text;
//     text.family("convoke_mails_sent_total", "counter", "Mails the mail server has taken.");
//     text.sample("", {{"kind", "invitation"}}, 17);
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace convoke::core {

class MetricsText {
public:
    using Label = std::pair<std::string_view, std::string_view>;

    // Begins a family: "counter", "gauge" or "histogram". Its samples follow.
    void family(std::string_view name, std::string_view type, std::string_view help);
    // One sample; `suffix` "_sum", "_count" or "_bucket" for a histogram, else "".
    void sample(std::string_view suffix, std::initializer_list<Label> labels, double value);
    // Integers are written in full.
    void sample(std::string_view suffix, std::initializer_list<Label> labels, std::uint64_t value);

    // A family of one sample.
    void gauge(std::string_view name, std::string_view help, double value);
    void counter(std::string_view name, std::string_view help, std::uint64_t value);

    // Buckets with these upper bounds: `counts` per bucket (not summed up), one more for what lies above the last.
    void histogram(std::initializer_list<Label> labels, std::span<double const> bounds, std::span<std::uint64_t const> counts, double sum);

    std::string const& text() const { return text_; }

private:
    void begin(std::string_view suffix, std::initializer_list<Label> labels, std::string_view bound);

    std::string text_, family_;
};

// "0.005", "+Inf": the shortest text that reads back as the same number.
std::string metric_number(double value);

}  // namespace convoke::core
