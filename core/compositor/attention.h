// SPDX-License-Identifier: Apache-2.0
// What rules say that people should look at, as far as the wall strip tells it: how many items, and
// the most urgent one. One thread owns it; times are CLOCK_MONOTONIC.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/compositor/messages.h"

namespace bw::compositor {

class Attention {
  public:
    /// How long after a greeting the hub has told all there is.
    static constexpr int64_t kToldNs = 2'000'000'000;

    /// The record of that subject; nothing: it is gone. True when top() or count() is another.
    bool heard(const std::string& subject, std::optional<AttentionItem> item);
    /// The hub is there (again): what it does not tell within kToldNs is gone.
    void greeted(int64_t now_ns);
    /// Forgets what was not told; when to come again, 0: never.
    int64_t settle(int64_t now_ns);

    /// Of items that hold: what is over is the console's business.
    [[nodiscard]] size_t count() const { return count_; }
    /// The gravest, and of these the newest; null: there is none.
    [[nodiscard]] const AttentionItem* top() const { return top_ ? &*top_ : nullptr; }

  private:
    struct Known {
        AttentionItem item;
        bool told = true;  // since the last greeting
    };
    bool look();

    std::map<std::string, Known> items_;
    size_t count_ = 0;
    std::optional<AttentionItem> top_;
    int64_t told_by_ns_ = 0;  // 0: all that is there was told
};

/// "关注 3 · II 级 · 超警戒水位"; empty: nothing holds. `in_space`: the wall shows an exercise or a
/// replay, and these items are no part of it.
std::string attention_text(const Attention& attention, const std::string& language,
                           bool in_space = false);

}  // namespace bw::compositor
