// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/painter.h"

#include "core/compositor/gl_painter.h"
#include "core/compositor/null_painter.h"

namespace bw::compositor {

base::Result<PainterKind> painter_kind(std::string_view word) {
    if (word.empty() || word == "auto") return PainterKind::by_driver;
    if (word == "null") return PainterKind::null;
    if (word == "software") return PainterKind::software;
    if (word == "gpu") return PainterKind::gpu;
    return base::Error{"invalid", "BEACONWALL_RENDERER is \"" + std::string(word) +
                                      "\"; allowed: auto, software, gpu, null"};
}

base::Result<std::unique_ptr<Painter>> Painter::make(const text::Atlas& atlas, PainterKind kind) {
    if (kind == PainterKind::null) return std::unique_ptr<Painter>(std::make_unique<NullPainter>());
    return make_gl_painter(atlas, kind);
}

Painter::Kept& Painter::kept(Feed& feed) {
    if (!feed.drawable) feed.drawable = std::make_unique<Kept>();
    return static_cast<Kept&>(*feed.drawable);
}

void Painter::prepare(const Stage& stage, std::vector<uint64_t>& written) {
    for (const Tile& tile : stage.tiles()) {
        if (!tile.feed || tile.feed->version() == 0) continue;
        Kept& panel = kept(*tile.feed);
        if (panel.version == tile.feed->version()) continue;
        if (panel.canvas.width == 0)
            panel.canvas = make_canvas(tile.geometry.width, tile.geometry.height);
        uint64_t pixels = 0;
        for (const wall::RectPx& part : tile.feed->changed_since(panel.version)) {
            draw_panel(panel.canvas, tile.feed->list(), part);
            pixels += static_cast<uint64_t>(part.width) * static_cast<uint64_t>(part.height);
            pixels += list_area({&tile.feed->list(), 0, 0, 1, part, 0});
        }
        panel.version = tile.feed->version();
        if (!tile.geometry.placements.empty())
            written[tile.geometry.placements.front().display] += pixels;
    }
}

}  // namespace bw::compositor
