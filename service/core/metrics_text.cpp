#include "service/core/metrics_text.hpp"

#include <charconv>
#include <cmath>

namespace convoke::core {

namespace {

// In label values: backslash, quote and line feed.
void append_escaped(std::string& out, std::string_view value) {
    for (char const c : value) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n') out += "\\n";
        else out += c;
    }
}

}  // namespace

std::string metric_number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    char text[32];
    auto const [end, error] = std::to_chars(text, text + sizeof text, value);
    return std::string(text, error == std::errc() ? end : text);
}

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
    family_ = name;
    text_ += "# HELP " + family_ + ' ' + std::string(help) + "\n# TYPE " + family_ + ' ' + std::string(type) + '\n';
}

void MetricsText::begin(std::string_view suffix, std::initializer_list<Label> labels, std::string_view bound) {
    text_ += family_;
    text_ += suffix;
    char between = '{';
    auto const add = [&](std::string_view name, std::string_view value) {
        text_ += between;
        text_ += name;
        text_ += "=\"";
        append_escaped(text_, value);
        text_ += '"';
        between = ',';
    };
    for (auto const& [name, value] : labels) add(name, value);
    if (!bound.empty()) add("le", bound);
    if (between == ',') text_ += '}';
    text_ += ' ';
}

void MetricsText::sample(std::string_view suffix, std::initializer_list<Label> labels, double value) {
    begin(suffix, labels, {});
    text_ += metric_number(value) + '\n';
}

void MetricsText::sample(std::string_view suffix, std::initializer_list<Label> labels, std::uint64_t value) {
    begin(suffix, labels, {});
    text_ += std::to_string(value) + '\n';
}

void MetricsText::gauge(std::string_view name, std::string_view help, double value) {
    family(name, "gauge", help);
    sample("", {}, value);
}

void MetricsText::counter(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "counter", help);
    sample("", {}, value);
}

void MetricsText::histogram(std::initializer_list<Label> labels, std::span<double const> bounds, std::span<std::uint64_t const> counts, double sum) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        total += counts[i];
        begin("_bucket", labels, i < bounds.size() ? metric_number(bounds[i]) : "+Inf");
        text_ += std::to_string(total) + '\n';
    }
    sample("_sum", labels, sum);
    sample("_count", labels, total);
}

}  // namespace convoke::core
