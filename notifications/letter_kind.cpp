#include "notifications/letter.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace convoke::notifications {
namespace {

constexpr std::array<std::pair<LetterKind, std::string_view>, 12> names{{
    {LetterKind::invitation, "invitation"},
    {LetterKind::update, "update"},
    {LetterKind::cancellation, "cancellation"},
    {LetterKind::confirmation, "confirmation"},
    {LetterKind::pending, "pending"},
    {LetterKind::refused, "refused"},
    {LetterKind::waitlisted, "waitlisted"},
    {LetterKind::offer, "offer"},
    {LetterKind::declined, "declined"},
    {LetterKind::address_check, "address-check"},
    {LetterKind::reminder, "reminder"},
    {LetterKind::sign_in, "sign-in"},
}};

}  // namespace

std::string_view name_of(LetterKind kind) {
    return std::find_if(names.begin(), names.end(), [&](auto const& pair) { return pair.first == kind; })->second;
}

std::optional<LetterKind> letter_kind(std::string_view name) {
    const auto found = std::find_if(names.begin(), names.end(), [&](auto const& pair) { return pair.second == name; });
    if (found == names.end()) return std::nullopt;
    return found->first;
}

}  // namespace convoke::notifications
