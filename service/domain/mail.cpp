#include "service/domain/mail.hpp"

namespace convoke::domain {

namespace {

constexpr std::string_view kept = "date:", moved_to = "date-moved:", apart = "date-apart:", apart_asked = "date-apart-asked:";

}  // namespace

std::string detail_of_date(calendar::local_seconds id, bool moved) {
    return std::string(moved ? moved_to : kept) + calendar::format_local(id);
}

std::string detail_of_date_apart(calendar::local_seconds id, bool asked_again) {
    return std::string(asked_again ? apart_asked : apart) + calendar::format_local(id);
}

std::optional<calendar::local_seconds> date_of_detail(std::string_view detail) {
    for (std::string_view const prefix : {kept, moved_to, apart, apart_asked})
        if (detail.starts_with(prefix))
            if (auto const id = calendar::parse_local(detail.substr(prefix.size()))) return *id;
    return std::nullopt;
}

bool stands_apart(std::string_view detail) { return detail.starts_with(apart) || detail.starts_with(apart_asked); }

bool moves_date(std::string_view detail) { return detail.starts_with(moved_to) || detail.starts_with(apart_asked); }

bool asks_again(std::string_view detail) { return detail == "time" || detail == "clock-rules" || moves_date(detail); }

}  // namespace convoke::domain
