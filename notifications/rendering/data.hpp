// What a template is filled with: text, truth, lists and nested objects. A value; build it on one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kainjow::mustache {
template <typename string_type>
class basic_data;
}

namespace convoke::rendering {

class Data {
public:
    Data();  // an empty object
    ~Data();
    Data(Data const&);
    Data& operator=(Data const&);
    Data(Data&&) noexcept;
    Data& operator=(Data&&) noexcept;

    // {{name}} is the text, {{#name}} is true unless it is empty.
    Data& set(std::string const& name, std::string_view text);
    Data& set(std::string const& name, std::string const& text) { return set(name, std::string_view(text)); }
    Data& set(std::string const& name, char const* text) { return set(name, std::string_view(text)); }
    Data& set(std::string const& name, bool truth);
    Data& set(std::string const& name, long number);
    Data& set(std::string const& name, int number) { return set(name, static_cast<long>(number)); }
    Data& set(std::string const& name, Data object);
    // {{#name}} is repeated for each; {{^name}} when there are none.
    Data& set(std::string const& name, std::vector<Data> list);
    // Inside {{#name}} an item is {{.}}.
    Data& set(std::string const& name, std::vector<std::string> const& texts);

    // For the renderer.
    kainjow::mustache::basic_data<std::string> const& raw() const { return *data_; }

private:
    std::unique_ptr<kainjow::mustache::basic_data<std::string>> data_;
};

}  // namespace convoke::rendering
