// SPDX-License-Identifier: Apache-2.0
// Looks at pictures for what makes a camera worthless while its stream is well: nothing changes any
// more, or there is nothing to be seen. Pure; one thread sees, any asks.
//
// A picture is 32 by 18 blocks; of each the mean brightness is taken from 16 of its pixels. Frozen
// is when no block outside the masks has moved by kMoved from what it was when it last did: sensors
// are never that quiet for long, and a camera whose picture hangs is. What is burnt in (clock,
// name) stands at the top and the bottom, so these are masked unless the site says otherwise.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "core/media/picture.h"

namespace bw::media {

enum class Look : uint8_t { normal = 0, black = 1, bars = 2, covered = 3 };
const char* look_word(Look look);

/// A part of a picture, in shares of its size.
struct Mask {
    double x = 0, y = 0, width = 1, height = 1;
    bool operator==(const Mask&) const = default;
};
struct Watchfulness {
    int64_t frozen_after_ns = 30'000'000'000;  // 0: never
    std::vector<Mask> masks = {{0, 0, 1, 1.0 / 9}, {0, 8.0 / 9, 1, 1.0 / 9}};
    bool operator==(const Watchfulness&) const = default;
};

class Inspector {
  public:
    static constexpr int kColumns = 32, kRows = 18;
    static constexpr int kMoved = 2;                    // of 256 levels of brightness
    static constexpr int64_t kBetweenNs = 500'000'000;  // it looks twice a second
    static constexpr int64_t kLookNs = 3'000'000'000;   // as long a look must last to be told

    explicit Inspector(const Watchfulness& watchfulness = {});
    /// `now`: CLOCK_MONOTONIC. Of pictures that come faster than kBetweenNs most are passed over.
    void see(const PictureView& picture, int64_t now);

    [[nodiscard]] bool frozen() const { return frozen_.load(std::memory_order_relaxed); }
    [[nodiscard]] Look look() const { return look_.load(std::memory_order_relaxed); }

    using Blocks = std::array<uint8_t, static_cast<size_t>(kColumns) * kRows>;

  private:
    void judge_movement(const Blocks& blocks, int64_t now);
    void judge_look(const PictureView& picture, const Blocks& blocks, int64_t now);

    const int64_t frozen_after_ns_;
    std::array<bool, static_cast<size_t>(kColumns) * kRows> masked_{};
    Blocks moved_blocks_{};  // when it last moved
    int64_t seen_ns_ = 0, moved_ns_ = 0;
    Look candidate_ = Look::normal;
    int64_t candidate_ns_ = 0;
    std::atomic<bool> frozen_{false};
    std::atomic<Look> look_{Look::normal};
};

}  // namespace bw::media
