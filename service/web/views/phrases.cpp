#include "service/web/views/phrases.hpp"

namespace convoke::web {

std::string Phrases::with(std::string_view msgid,
                          std::initializer_list<std::pair<std::string_view, std::string_view>> values) const {
    std::string const text = (*this)(msgid);
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        bool replaced = false;
        if (text[at] == '{') {
            for (auto const& [name, value] : values) {
                if (text.compare(at + 1, name.size(), name) != 0 || at + 1 + name.size() >= text.size() ||
                    text[at + 1 + name.size()] != '}')
                    continue;
                out.append(value);
                at += name.size() + 2;
                replaced = true;
                break;
            }
        }
        if (!replaced) out.push_back(text[at++]);
    }
    return out;
}

}  // namespace convoke::web
