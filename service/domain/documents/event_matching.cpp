#include "service/domain/documents/event_matching.hpp"

#include "service/domain/documents/markup.hpp"

namespace convoke::domain::documents {
namespace {

class Matcher {
public:
    Matcher(std::vector<ImportedEvent> const& existing, std::vector<ProposedEvent> const& proposed)
        : existing_(existing), proposed_(proposed), existing_taken_(existing.size()), proposed_taken_(proposed.size()) {}

    EventMatching match() {
        by_key();
        by_title();
        by_position();
        std::sort(out_.pairs.begin(), out_.pairs.end(), [](auto const& a, auto const& b) { return a.proposed < b.proposed; });
        for (std::size_t i = 0; i < proposed_.size(); ++i)
            if (!proposed_taken_[i]) out_.added.push_back(i);
        for (std::size_t i = 0; i < existing_.size(); ++i)
            if (!existing_taken_[i]) out_.missing.push_back(i);
        return std::move(out_);
    }

private:
    void pair(std::size_t existing, std::size_t proposed, bool by_position) {
        out_.pairs.push_back({existing, proposed, by_position});
        existing_taken_[existing] = true;
        proposed_taken_[proposed] = true;
    }

    void by_key() {
        std::map<std::string_view, std::vector<std::size_t>> keys;
        for (std::size_t i = 0; i < existing_.size(); ++i) keys[existing_[i].key].push_back(i);
        for (std::size_t i = 0; i < proposed_.size(); ++i) {
            auto const found = keys.find(proposed_[i].key);
            if (found == keys.end() || found->first.empty() || found->second.size() != 1) continue;
            if (!existing_taken_[found->second.front()]) pair(found->second.front(), i, false);
        }
    }

    void by_title() {
        std::map<std::string, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> titles;
        for (std::size_t i = 0; i < existing_.size(); ++i)
            if (!existing_taken_[i]) titles[folded_title(existing_[i].title)].first.push_back(i);
        for (std::size_t i = 0; i < proposed_.size(); ++i)
            if (!proposed_taken_[i]) titles[folded_title(proposed_[i].title)].second.push_back(i);
        for (auto& [title, both] : titles) {
            auto& [before, now] = both;
            std::sort(before.begin(), before.end(), [&](auto a, auto b) { return std::pair(existing_[a].first, a) < std::pair(existing_[b].first, b); });
            std::sort(now.begin(), now.end(), [&](auto a, auto b) { return std::pair(proposed_[a].date.first, a) < std::pair(proposed_[b].date.first, b); });
            for (std::size_t i = 0; i < std::min(before.size(), now.size()); ++i) pair(before[i], now[i], false);
        }
    }

    bool could_be(ImportedEvent const& before, ProposedEvent const& now) const {
        return before.kind == now.kind && before.format == now.format && before.first <= now.date.last && now.date.first <= before.last;
    }

    void by_position() {
        std::vector<std::size_t> candidates(proposed_.size()), only(proposed_.size()), rivals(existing_.size());
        for (std::size_t p = 0; p < proposed_.size(); ++p)
            for (std::size_t e = 0; e < existing_.size() && !proposed_taken_[p]; ++e) {
                if (existing_taken_[e] || !could_be(existing_[e], proposed_[p])) continue;
                ++candidates[p];
                ++rivals[e];
                only[p] = e;
            }
        for (std::size_t p = 0; p < proposed_.size(); ++p)
            if (candidates[p] == 1 && rivals[only[p]] == 1) pair(only[p], p, true);
    }

    std::vector<ImportedEvent> const& existing_;
    std::vector<ProposedEvent> const& proposed_;
    std::vector<bool> existing_taken_, proposed_taken_;
    EventMatching out_;
};

}  // namespace

EventMatching match_events(std::vector<ImportedEvent> const& existing, std::vector<ProposedEvent> const& proposed) {
    return Matcher(existing, proposed).match();
}

}  // namespace convoke::domain::documents
