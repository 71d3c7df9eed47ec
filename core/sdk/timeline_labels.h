// SPDX-License-Identifier: Apache-2.0
// Inside the SDK: where the labels of a timeline's row stand.
#pragma once

#include <string_view>
#include <vector>

#include "beaconwall/sdk/ui.h"

namespace bw::sdk {

struct TimelineLabel {
    Rect place;
    std::string_view text;
    float leader_x = 0;  // above its mark: a line goes down to it; 0: none
};

/// None over another, none across a bezel or "now". Lane 0 is next to the bar and has the marks.
class TimelineLabels {
  public:
    TimelineLabels(Ui& ui, std::vector<Rect> lanes);
    /// Nothing stands at `x` on any lane.
    void keep_free(float x);
    void take_mark(float x, float radius);
    /// Beside the mark at `x`, else above it.
    void put_at_mark(std::string_view text, float x, float radius);
    /// Above a span from `begin` to `end`.
    void put_above(std::string_view text, float begin, float end);
    [[nodiscard]] const std::vector<TimelineLabel>& labels() const { return labels_; }
    [[nodiscard]] size_t omitted() const { return omitted_; }

  private:
    struct Stretch {
        float from, to;
    };
    bool put(size_t lane, std::string_view text, float left, float wide);
    [[nodiscard]] bool free(size_t lane, float from, float to) const;
    [[nodiscard]] bool free_below(size_t lane, float x) const;

    Ui& ui_;
    std::vector<Rect> lanes_;  // from the bar up
    std::vector<std::vector<Stretch>> taken_;
    std::vector<TimelineLabel> labels_;
    size_t omitted_ = 0;
};

}  // namespace bw::sdk
