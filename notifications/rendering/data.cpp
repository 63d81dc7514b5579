#include "notifications/rendering/data.hpp"

#include <kainjow/mustache.hpp>

namespace convoke::rendering {

namespace mustache = kainjow::mustache;

Data::Data() : data_(std::make_unique<mustache::data>()) {}
Data::~Data() = default;
Data::Data(Data const& other) : data_(std::make_unique<mustache::data>(*other.data_)) {}
Data& Data::operator=(Data const& other) {
    data_ = std::make_unique<mustache::data>(*other.data_);
    return *this;
}
Data::Data(Data&&) noexcept = default;
Data& Data::operator=(Data&&) noexcept = default;

// kainjow takes an empty string for true, so an empty text becomes false: it prints as nothing as well.
Data& Data::set(std::string const& name, std::string_view text) {
    (*data_)[name] = text.empty() ? mustache::data(false) : mustache::data(std::string(text));
    return *this;
}

Data& Data::set(std::string const& name, bool truth) {
    (*data_)[name] = mustache::data(truth);
    return *this;
}

Data& Data::set(std::string const& name, long number) {
    (*data_)[name] = mustache::data(std::to_string(number));
    return *this;
}

Data& Data::set(std::string const& name, Data object) {
    (*data_)[name] = std::move(*object.data_);
    return *this;
}

Data& Data::set(std::string const& name, std::vector<Data> list) {
    mustache::data items(mustache::data::type::list);
    for (auto const& item : list) items.push_back(*item.data_);
    (*data_)[name] = std::move(items);
    return *this;
}

Data& Data::set(std::string const& name, std::vector<std::string> const& texts) {
    mustache::data items(mustache::data::type::list);
    for (auto const& text : texts) items.push_back(mustache::data(text));
    (*data_)[name] = std::move(items);
    return *this;
}

}  // namespace convoke::rendering
