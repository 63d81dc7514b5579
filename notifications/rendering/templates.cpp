#include "notifications/rendering/templates.hpp"

#include "embedded/letter_templates.hpp"
#include "notifications/rendering/template_source.hpp"

#include <kainjow/mustache.hpp>

#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <sstream>
#include <stdexcept>

namespace convoke::rendering {

namespace mustache = kainjow::mustache;

// Rendering a kainjow template changes it only on errors in partials and lambdas, of which there are none left after
// the source is expanded: a parsed template may be rendered by many threads.
struct Templates::Parsed {
    explicit Parsed(std::string const& text) : engine(text) {}
    mutable mustache::mustache engine;
    Data globals;
};

struct Templates::State {
    std::map<std::string, std::string, std::less<>> sources;
    mutable std::shared_mutex mutex;
    mutable std::map<std::pair<std::string, std::string>, std::shared_ptr<Parsed const>> parsed;
};

namespace {

// A parsed template takes about a hundred times its text (a node for every space), a parse about a millisecond.
constexpr std::size_t most_parsed = 64;

bool is_html(std::string_view name) { return name.ends_with(".html"); }

std::string unescaped(std::string const& text) { return text; }

std::string without_ending(std::string_view file) {
    constexpr std::string_view ending = ".mustache";
    return std::string(file.ends_with(ending) ? file.substr(0, file.size() - ending.size()) : file);
}

}  // namespace

Templates::Templates(Catalogue const& catalogue) : catalogue_(catalogue), state_(std::make_unique<State>()) {}
Templates::~Templates() = default;

void Templates::add(std::string name, std::string text) {
    const std::unique_lock lock(state_->mutex);
    state_->sources.insert_or_assign(std::move(name), std::move(text));
    state_->parsed.clear();
}

std::string Templates::name_of(std::string_view prefix, std::string_view file) {
    return std::string(prefix) + without_ending(file);
}

void Templates::add_directory(std::filesystem::path const& directory, std::string_view prefix) {
    for (auto const& file : std::filesystem::recursive_directory_iterator(directory)) {
        if (!file.is_regular_file() || file.path().extension() != ".mustache") continue;
        std::ifstream in(file.path(), std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        if (!in) throw std::runtime_error("cannot read template " + file.path().string());
        add(name_of(prefix, file.path().lexically_relative(directory).generic_string()), text.str());
    }
}

bool Templates::has(std::string_view name) const {
    const std::shared_lock lock(state_->mutex);
    return state_->sources.contains(name);
}

std::vector<std::string> Templates::names() const {
    const std::shared_lock lock(state_->mutex);
    std::vector<std::string> all;
    for (auto const& [name, text] : state_->sources) all.push_back(name);
    return all;
}

std::vector<std::string> Templates::messages() const {
    const std::shared_lock lock(state_->mutex);
    std::set<std::string> all;
    for (auto const& [name, text] : state_->sources) {
        for (auto& message : messages_in(text)) all.insert(std::move(message));
    }
    return {all.begin(), all.end()};
}

void Templates::check() const {
    for (auto const& name : names()) {
        for (auto const& language : catalogue_.languages()) parsed(name, language);
    }
    const std::unique_lock lock(state_->mutex);
    state_->parsed.clear();
}

std::shared_ptr<Templates::Parsed const> Templates::parsed(std::string_view name, std::string const& language) const {
    const std::pair key(std::string(name), language);
    {
        const std::shared_lock lock(state_->mutex);
        if (const auto found = state_->parsed.find(key); found != state_->parsed.end()) return found->second;
    }
    const std::unique_lock lock(state_->mutex);
    const Expansion expansion{
        .source = [&](std::string_view wanted) -> std::string const& {
            const auto found = state_->sources.find(wanted);
            if (found == state_->sources.end()) throw std::runtime_error("no such template: " + std::string(wanted));
            return found->second;
        },
        .message = [&](std::string const& msgid) {
            const auto text = catalogue_.translate(language, msgid);
            return is_html(name) ? escape_around_tags(text) : text;
        }};
    auto fresh = std::make_shared<Parsed>(expand(name, expansion));
    if (!fresh->engine.is_valid()) {
        throw std::runtime_error("template " + std::string(name) + ": " + fresh->engine.error_message());
    }
    if (!is_html(name)) fresh->engine.set_custom_escape(unescaped);
    fresh->globals.set("language", language).set("direction", "ltr");
    if (state_->parsed.size() >= most_parsed) state_->parsed.clear();
    state_->parsed[key] = fresh;
    return fresh;
}

std::string Templates::render(std::string_view name, std::string_view language, Data const& data) const {
    const auto ready = parsed(name, catalogue_.match(language));
    mustache::context<std::string> context(&ready->globals.raw());
    context.push(&data.raw());
    auto text = ready->engine.render(context);
    std::erase(text, line_guard);
    return text;
}

void add_letter_templates(Templates& templates) { templates.add_files(embedded::letter_templates()); }

std::string escape_html(std::string_view text) { return mustache::html_escape(std::string(text)); }

}  // namespace convoke::rendering
