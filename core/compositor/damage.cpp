// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/damage.h"

#include <cstdint>

#include "core/compositor/geometry.h"

namespace bw::compositor {

namespace {

constexpr size_t kMaxRects = 64;

int64_t area(const wall::RectPx& r) {
    return r.empty() ? 0 : int64_t{r.width} * r.height;
}

// Only where one rectangle covers no more than the two do: the captions and gaps between tiles are
// not worth drawing again with every video picture.
bool worth_joining(const wall::RectPx& a, const wall::RectPx& b) {
    return area(wall::bounds(a, b)) <= area(a) + area(b);
}

}  // namespace

void Damage::clear() {
    rects_.clear();
    added_.clear();
    changed_ = 0;
}

void Damage::add_all() {
    count(bounds_);
    rects_.assign(1, bounds_);
}

void Damage::count(const wall::RectPx& rect) {
    for (const wall::RectPx& part : uncovered(rect, added_))
        changed_ += static_cast<uint64_t>(area(part));
    // Beyond that many the sum may count a pixel twice; the time for it stays bounded.
    if (added_.size() < kMaxRects) added_.push_back(rect);
}

void Damage::add(const wall::RectPx& rect) {
    wall::RectPx grown = wall::intersect(rect, bounds_);
    if (grown.empty()) return;
    count(grown);
    for (size_t i = 0; i < rects_.size();) {
        if (!worth_joining(rects_[i], grown)) {
            ++i;
            continue;
        }
        grown = wall::bounds(rects_[i], grown);
        rects_.erase(rects_.begin() + static_cast<std::ptrdiff_t>(i));
        i = 0;  // the grown one may now swallow those seen before
    }
    rects_.push_back(grown);
    if (rects_.size() <= kMaxRects) return;
    for (const wall::RectPx& r : rects_) grown = wall::bounds(grown, r);
    rects_.assign(1, grown);
}

}  // namespace bw::compositor
