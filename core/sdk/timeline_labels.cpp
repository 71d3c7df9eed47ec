// SPDX-License-Identifier: Apache-2.0
#include "timeline_labels.h"

#include <algorithm>
#include <cmath>

namespace bw::sdk {

TimelineLabels::TimelineLabels(Ui& ui, std::vector<Rect> lanes)
    : ui_(ui), lanes_(std::move(lanes)), taken_(lanes_.size()) {}

void TimelineLabels::keep_free(float x) {
    for (auto& lane : taken_) lane.push_back({x - ui_.u(3), x + ui_.u(3)});
}

void TimelineLabels::take_mark(float x, float radius) {
    const float half = radius + ui_.u(2);
    if (!taken_.empty()) taken_[0].push_back({x - half, x + half});
}

void TimelineLabels::put_at_mark(std::string_view text, float x, float radius) {
    if (text.empty() || lanes_.empty()) return;
    const float wide = ui_.width(Text::caption, text) + 1, gap = radius + ui_.u(5);
    if (put(0, text, x + gap, wide) || put(0, text, x - gap - wide, wide)) return;
    for (size_t lane = 1; lane < lanes_.size() && free_below(lane, x); ++lane) {
        const float on = x + ui_.u(4), back = x - ui_.u(4) - wide;
        if (!put(lane, text, on, wide) && !put(lane, text, back, wide)) continue;
        labels_.back().leader_x = x;
        for (size_t below = 1; below < lane; ++below)
            taken_[below].push_back({x - ui_.u(2), x + ui_.u(2)});
        return;
    }
    ++omitted_;
}

void TimelineLabels::put_above(std::string_view text, float begin, float end) {
    if (text.empty() || lanes_.empty()) return;
    const float wide = ui_.width(Text::caption, text) + 1;
    if (!put(0, text, begin, wide) && !put(0, text, end - wide, wide)) ++omitted_;
}

bool TimelineLabels::put(size_t lane, std::string_view text, float left, float wide) {
    const Rect& all = lanes_[lane];
    const Rect place = moved_off({left, all.y, wide, all.h}, ui_.keepouts());
    const bool inside =
        place.x >= all.x && place.right() <= all.right() && std::fabs(place.y - all.y) < 1;
    if (!inside || !free(lane, place.x, place.right())) return false;
    taken_[lane].push_back({place.x - ui_.u(8), place.right() + ui_.u(8)});
    labels_.push_back({place, text});
    return true;
}

bool TimelineLabels::free(size_t lane, float from, float to) const {
    return std::none_of(taken_[lane].begin(), taken_[lane].end(),
                        [&](const Stretch& taken) { return taken.from < to && from < taken.to; });
}

/// A line can go down from that lane to the mark.
bool TimelineLabels::free_below(size_t lane, float x) const {
    for (size_t below = 1; below < lane; ++below)
        if (!free(below, x - 1, x + 1)) return false;
    return true;
}

}  // namespace bw::sdk
