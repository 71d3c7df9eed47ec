// SPDX-License-Identifier: Apache-2.0
// What must be drawn where, for the damaged parts of one display: pure decisions, no GL. Every
// renderer works through the same plan, group by group, so that copies and shading do not take
// turns more often than they must. Nothing that lies under another tile is in it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/compositor/stage.h"

namespace bw::compositor {

struct Plan {
    struct Fill {
        wall::RectPx rect;
        uint32_t rgba = 0;
    };
    /// A part of a panel's cached picture.
    struct Panel {
        Feed* feed = nullptr;
        const Placement* at = nullptr;
        wall::RectPx rect;
    };
    /// A part of a video's picture. The whole of it would lie at `dest`.
    struct Picture {
        Feed* feed = nullptr;
        wall::RectPx dest, visible;
    };
    /// Commands of a draw list from `first_command` on; its pixel p lies at x, y + p * scale.
    struct List {
        const surface::DrawList* list = nullptr;
        double x = 0, y = 0, scale = 1;
        wall::RectPx clip;
        size_t first_command = 0;
        Feed* feed = nullptr;  // whose textures they show; null: the glyph atlas alone
    };
    // In the order of drawing.
    std::vector<Fill> below;        // what no tile covers
    std::vector<Panel> panels;      // the panels' own pictures
    std::vector<Fill> sides;        // the letterbox beside pictures
    std::vector<Picture> pictures;  // videos
    std::vector<List> over_videos;  // what a panel draws above its videos
    std::vector<Fill> grounds;      // captions and blank tiles
    surface::DrawList furniture;    // captions, marks, the wall strip: gathered, clipped
    uint64_t pixels = 0;            // written by all of it: filled, copied or shaded

    void clear();
    [[nodiscard]] bool empty() const { return pixels == 0; }
};

/// Replaces `plan`. `damage`: may overlap; no pixel is planned twice for that. `stage` may be null.
/// What is in the plan points into the stage.
void make_plan(Plan& plan, const Stage* stage, size_t display, std::span<const wall::RectPx> damage,
               const Strip& strip);

/// Pixels that the triangles of a list cover within its clips (edges count as they are cut). Where
/// there are thousands, of a sample: 0 is exact, all else an estimate.
uint64_t list_area(const Plan::List& list);

}  // namespace bw::compositor
