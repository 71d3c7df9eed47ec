// SPDX-License-Identifier: Apache-2.0
// Inside the SDK: one row of a timeline, its spans, gaps and marks with their labels.
#pragma once

#include <string_view>
#include <vector>

#include "beaconwall/sdk/timeline.h"
#include "time_axis.h"
#include "timeline_labels.h"

namespace bw::sdk {

/// A row's places: one bar, and lanes for labels from it up.
struct TimelineTrack {
    std::vector<Rect> lanes;
    Rect bar;
};

class TimelineRows {
  public:
    /// `now_ns`: 0, or where no label may stand, and where what goes on ends. The scale is read
    /// when rows are drawn.
    TimelineRows(Ui& ui, const TimeScale& scale, int64_t now_ns)
        : ui_(ui), scale_(scale), now_ns_(now_ns) {}
    [[nodiscard]] float lane_height() const { return ui_.line(Text::caption) + ui_.u(4); }
    [[nodiscard]] float bar_height() const { return ui_.line(Text::caption) + ui_.u(10); }
    /// It has marks, or labels that do not fit into their spans.
    [[nodiscard]] bool needs_lane(const TimelineRow& row) const;
    /// A bar in the middle of `strip`, with as few lanes as leave out the fewest labels; without
    /// lanes if there shall be none.
    [[nodiscard]] TimelineTrack track_for(const TimelineRow& row, const Rect& strip,
                                          bool lanes) const;
    void draw(const TimelineRow& row, const TimelineTrack& track);

  private:
    /// Something that happened, or a level whose span is too short to say so.
    struct Mark {
        float exact;  // where it happened
        float x;      // where its mark stands: beside its neighbours, not on them
        Level level;
        std::string_view label;
    };
    struct Plan {
        std::vector<Mark> marks;
        std::vector<bool> inside;  // of each span: its label stands in it
        std::vector<TimelineLabel> labels;
        size_t omitted = 0;
    };
    [[nodiscard]] int64_t end_of(int64_t to_ns) const {
        return to_ns != 0 ? to_ns : now_ns_ != 0 ? now_ns_ : scale_.to;
    }
    static bool weightier(const Mark& a, const Mark& b) {
        return a.level != b.level ? a.level > b.level : a.exact > b.exact;
    }
    [[nodiscard]] Rect place_of(int64_t from, int64_t to, const Rect& bar) const;
    [[nodiscard]] Rect label_in(const TimelineSpan& span, const Rect& bar) const;
    [[nodiscard]] TimelineTrack track(Rect strip, size_t lanes) const;
    [[nodiscard]] std::vector<Mark> marks(const TimelineRow& row, const Plan& plan,
                                          const TimelineTrack& track) const;
    [[nodiscard]] std::vector<Mark> spread(std::vector<Mark> marks, const Rect& bar) const;
    [[nodiscard]] std::vector<Mark> gravest(std::vector<Mark> marks) const;
    [[nodiscard]] Plan plan(const TimelineRow& row, const TimelineTrack& track) const;
    void gap(const TimelineGap& gap, const Rect& bar);
    void span(const TimelineSpan& span, const Rect& bar, bool with_label);

    Ui& ui_;
    const TimeScale& scale_;
    int64_t now_ns_;
};

}  // namespace bw::sdk
