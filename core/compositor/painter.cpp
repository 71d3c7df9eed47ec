// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/painter.h"

#include <algorithm>

#include "core/compositor/gl_painter.h"
#include "core/compositor/null_painter.h"

namespace bw::compositor {

namespace {

constexpr size_t kMaxLacking = 16;  // rectangles of a panel; beyond that it is drawn whole
constexpr int kFewestRows = 16;     // of a step: each step walks through the whole draw list
constexpr uint64_t kAllPixels = UINT64_MAX;
// Of a panel's textures, loaded step by step before its first picture. One whose textures change
// more often than that gets them at once, or it would never be done.
constexpr uint64_t kPatience = 2 * surface::kMaxTextureBytes / 4;

}  // namespace

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

// Notes what its picture lacks.
Painter::Kept& Painter::noted(const Tile& tile) {
    Kept& panel = kept(*tile.feed);
    if (panel.canvas.width == 0)
        panel.canvas = make_canvas(tile.geometry.width, tile.geometry.height);
    if (panel.version == tile.feed->version()) return panel;
    for (const wall::RectPx& part : tile.feed->changed_since(panel.version))
        panel.lacking.push_back(part);
    panel.version = tile.feed->version();
    if (panel.lacking.size() > kMaxLacking)
        panel.lacking.assign(1, {0, 0, panel.canvas.width, panel.canvas.height});
    return panel;
}

uint64_t Painter::load(Kept& panel, const Tile& tile, uint64_t pixels,
                       std::vector<uint64_t>& written) {
    if (!panel.whole && panel.loaded > kPatience) pixels = kAllPixels;
    const uint64_t loaded = load_textures(panel, tile.feed->list(), pixels);
    if (!panel.whole) panel.loaded += loaded;
    if (!tile.geometry.placements.empty())
        written[tile.geometry.placements.front().display] += loaded;
    return loaded;
}

void Painter::draw_part(Kept& panel, const Tile& tile, const wall::RectPx& part,
                        std::vector<uint64_t>& written) {
    draw_panel(panel, tile.feed->list(), part);
    if (tile.geometry.placements.empty()) return;
    written[tile.geometry.placements.front().display] +=
        static_cast<uint64_t>(part.width) * static_cast<uint64_t>(part.height) +
        list_area({&tile.feed->list(), 0, 0, 1, part, 0});
}

void Painter::prepare(const Stage& stage, std::vector<uint64_t>& written) {
    for (const Tile& tile : stage.tiles()) {
        if (!tile.feed || tile.feed->version() == 0) continue;
        Kept& panel = noted(tile);
        if (!panel.lacking.empty()) (void)load(panel, tile, kAllPixels, written);
        for (const wall::RectPx& part : panel.lacking) draw_part(panel, tile, part, written);
        panel.lacking.clear();
        panel.whole = true;
    }
}

bool Painter::prepare_some(const Stage& stage, Lacking which, uint64_t pixels,
                           std::vector<uint64_t>& written) {
    for (const Tile& tile : stage.tiles()) {
        if (!tile.feed || tile.feed->version() == 0) continue;
        if (!kept(*tile.feed).lacks(which, tile.feed->version())) continue;
        const bool going_on = which == Lacking::first && !kept(*tile.feed).lacking.empty();
        Kept& panel = going_on ? kept(*tile.feed) : noted(tile);
        if (panel.lacking.empty()) continue;
        if (load(panel, tile, pixels, written) != 0) return true;
        wall::RectPx& rest = panel.lacking.back();
        const int width = std::max(rest.width, 1);
        const int rows = std::max(kFewestRows, static_cast<int>(pixels) / width);
        wall::RectPx band = rest;
        band.height = std::min(rest.height, rows);
        rest.y += band.height;
        rest.height -= band.height;
        if (rest.height <= 0) panel.lacking.pop_back();
        draw_part(panel, tile, band, written);
        panel.whole = panel.whole || panel.lacking.empty();
        return true;
    }
    return false;
}

bool Painter::lacks(const Stage& stage, Lacking which) {
    return std::any_of(stage.tiles().begin(), stage.tiles().end(), [which](const Tile& tile) {
        if (!tile.feed || tile.feed->version() == 0) return false;
        return kept(*tile.feed).lacks(which, tile.feed->version());
    });
}

}  // namespace bw::compositor
