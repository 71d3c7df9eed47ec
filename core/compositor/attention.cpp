// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/attention.h"

#include <fmt/core.h>

#include <tuple>
#include <utility>

#include "core/compositor/words.h"

namespace bw::compositor {

bool Attention::heard(const std::string& subject, std::optional<AttentionItem> item) {
    if (item)
        items_[subject] = {std::move(*item), true};
    else
        items_.erase(subject);
    return look();
}

void Attention::greeted(int64_t now_ns) {
    for (auto& [subject, known] : items_) known.told = false;
    told_by_ns_ = items_.empty() ? 0 : now_ns + kToldNs;
}

int64_t Attention::settle(int64_t now_ns) {
    if (told_by_ns_ == 0 || now_ns < told_by_ns_) return told_by_ns_;
    std::erase_if(items_, [](const auto& entry) { return !entry.second.told; });
    told_by_ns_ = 0;
    look();
    return 0;
}

bool Attention::look() {
    const size_t count_before = std::exchange(count_, 0);
    const std::optional<AttentionItem> before = std::exchange(top_, std::nullopt);
    const auto rank = [](const AttentionItem& item) { return std::tie(item.level, item.since); };
    for (const auto& [subject, known] : items_) {
        if (!known.item.active) continue;
        ++count_;
        if (!top_ || rank(*top_) < rank(known.item)) top_ = known.item;
    }
    return count_ != count_before || top_ != before;
}

std::string attention_text(const Attention& attention, const std::string& language, bool in_space) {
    const AttentionItem* top = attention.top();
    if (top == nullptr) return {};
    static constexpr const char* kLevels[] = {"IV", "III", "II", "I"};
    const char* level = kLevels[top->level - 1];
    const Words& w = words(language);
    const char* word = in_space ? w.live_attention : w.attention;
    return language == "en" ? fmt::format("{} {} · Level {} · {}", word, attention.count(), level,
                                          top->title.in(language))
                            : fmt::format("{} {} · {} 级 · {}", word, attention.count(), level,
                                          top->title.in(language));
}

}  // namespace bw::compositor
