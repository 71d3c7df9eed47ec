// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/geometry.h"

#include <algorithm>
#include <cmath>

#include "core/wall/geometry.h"

namespace bw::compositor {

using surface::Fit;
using wall::RectPx;

namespace {

int to_int(double v) {
    return static_cast<int>(std::floor(v + 0.5));
}

// The display that shows the tile with the densest pixels; content pixels are its pixels.
size_t densest(const wall::ScenePane& pane, const config::Wall& wall) {
    size_t best = 0;
    double best_density = 0;
    for (size_t i = 0; i < wall.displays.size(); ++i) {
        const config::Display& d = wall.displays[i];
        if (wall::on_display(pane.rect, d).empty()) continue;
        double density = d.width_px / d.width_mm;
        if (density > best_density * 1.0001) {
            best = i;
            best_density = density;
        }
    }
    return best;
}

struct Parts {
    RectPx tile, strip, content;
};

// One pixel of edge all round, then the caption strip, then the content.
Parts split_tile(const RectPx& tile, const wall::ScenePane& pane, double unit_px) {
    const int edge = has_edge(pane) ? 1 : 0;
    Parts parts{
        tile, {}, {tile.x + edge, tile.y + edge, tile.width - 2 * edge, tile.height - 2 * edge}};
    int strip = pane.caption ? to_int(kCaptionUnits * unit_px) : 0;
    if (strip <= 0 || strip * 2 > parts.content.height) return parts;
    parts.strip = {parts.content.x, parts.content.y, parts.content.width, strip};
    parts.content.y += strip;
    parts.content.height -= strip;
    return parts;
}

// Display pixels of one content pixel. A display whose pixels are the densest one's own, to less
// than a twentieth of a pixel over the whole tile, copies.
double content_scale(const RectPx& tile, const config::Display& display,
                     const config::Display& dense) {
    const double scale = (display.width_px / display.width_mm) / (dense.width_px / dense.width_mm);
    const double drift = std::abs(scale - 1) * std::max(tile.width, tile.height);
    return drift < 0.05 ? 1 : scale;
}

// Where the tile is scaled, its content is placed from the exact corner and the exact pitch, not
// from edges that were rounded: a line goes on where it left the neighbour.
Placement place_on(const Parts& parts, size_t index, const wall::RectMm& rect,
                   const config::Display& display, const config::Display& dense) {
    Placement out;
    out.display = index;
    out.scale = content_scale(parts.tile, display, dense);
    const RectPx tile = wall::project(rect, display);
    const wall::PointPx corner = wall::exact_place(rect.x, rect.y, display);
    const int left = parts.content.x - parts.tile.x, top = parts.content.y - parts.tile.y;
    out.origin_x = out.scale == 1 ? tile.x + left : to_int(corner.x + left * out.scale);
    out.origin_y = out.scale == 1 ? tile.y + top : to_int(corner.y + top * out.scale);
    const RectPx screen{0, 0, static_cast<int>(display.width_px),
                        static_cast<int>(display.height_px)};
    out.tile = wall::intersect(tile, screen);
    out.clip =
        wall::intersect(out.on_display({0, 0, parts.content.width, parts.content.height}), screen);
    if (!parts.strip.empty()) {
        const RectPx strip{0, -parts.strip.height, parts.strip.width, parts.strip.height};
        out.strip = wall::intersect(out.on_display(strip), screen);
    }
    return out;
}

// What no display shows, in content pixels: every pixel that a strip touches belongs to it.
std::vector<RectPx> content_keepouts(const Parts& parts, const wall::RectMm& rect,
                                     const config::Display& dense, const config::Wall& wall) {
    constexpr double slack = 0.02;  // of a pixel: edges of the wall are rounded to 1/1024 mm
    const RectPx whole{0, 0, parts.content.width, parts.content.height};
    std::vector<RectPx> out;
    for (const wall::RectMm& bare : wall::keepouts(rect, wall.displays)) {
        const wall::PointPx a = wall::exact_place(bare.x, bare.y, dense);
        const wall::PointPx b = wall::exact_place(bare.x + bare.width, bare.y + bare.height, dense);
        const auto low = [](double v) { return static_cast<int>(std::floor(v + slack)); };
        const auto high = [](double v) { return static_cast<int>(std::ceil(v - slack)); };
        const int left = low(a.x), top = low(a.y);
        // A seam lies between two pixels and has none of its own.
        const int right = bare.width > 0 ? high(b.x) : left,
                  bottom = bare.height > 0 ? high(b.y) : top;
        const int x0 = std::max(left - parts.content.x, 0), y0 = std::max(top - parts.content.y, 0);
        const int x1 = std::min(right - parts.content.x, whole.width);
        const int y1 = std::min(bottom - parts.content.y, whole.height);
        if (x1 < x0 || y1 < y0 || (x1 == x0 && y1 == y0)) continue;
        out.push_back({x0, y0, x1 - x0, y1 - y0});
    }
    return out;
}

Size fit_inside(Size box, double aspect) {
    int width = box.width, height = to_int(box.width / aspect);
    if (height > box.height) {
        height = box.height;
        width = std::min(box.width, to_int(box.height * aspect));
    }
    return {std::max(width, 1), std::max(height, 1)};
}

Size fit_outside(Size box, double aspect) {
    int width = box.width, height = to_int(box.width / aspect);
    if (height < box.height) {
        height = box.height;
        width = std::max(box.width, to_int(box.height * aspect));
    }
    return {std::max(width, 1), std::max(height, 1)};
}

Size fitted(const RectPx& box, Fit fit, Size shape) {
    double aspect = shape.width > 0 && shape.height > 0
                        ? static_cast<double>(shape.width) / shape.height
                        : 16.0 / 9.0;
    Size whole{box.width, box.height};
    switch (fit) {
        case Fit::cover:
            return fit_outside(whole, aspect);
        case Fit::stretch:
            return whole;
        case Fit::contain:
            break;
    }
    return fit_inside(whole, aspect);
}

}  // namespace

RectPx on_display_unclipped(const wall::RectMm& rect, const config::Display& d) {
    return wall::project(rect, d);
}

bool has_edge(const wall::ScenePane& pane) {
    return pane.caption || pane.kind != wall::Shows::source;
}

RectPx Placement::on_display(const RectPx& content) const {
    int left = origin_x + to_int(content.x * scale), top = origin_y + to_int(content.y * scale);
    int right = origin_x + to_int((content.x + content.width) * scale);
    int bottom = origin_y + to_int((content.y + content.height) * scale);
    return {left, top, right - left, bottom - top};
}

RectPx Placement::covering(const RectPx& content) const {
    if (scale == 1) return on_display(content);
    const int around = to_int(std::ceil(scale)) + 1;
    const RectPx inner = on_display(content);
    return {inner.x - around, inner.y - around, inner.width + 2 * around,
            inner.height + 2 * around};
}

TileGeometry place_tile(const wall::ScenePane& pane, const config::Wall& wall) {
    TileGeometry out;
    if (wall.displays.empty()) return out;
    out.unit_px = wall::unit_scale(pane.rect, wall);
    const config::Display& dense = wall.displays[densest(pane, wall)];
    Parts parts = split_tile(wall::project(pane.rect, dense), pane, out.unit_px);
    out.width = std::max(parts.content.width, 0);
    out.height = std::max(parts.content.height, 0);
    for (size_t i = 0; i < wall.displays.size(); ++i) {
        if (wall::on_display(pane.rect, wall.displays[i]).empty()) continue;
        out.placements.push_back(place_on(parts, i, pane.rect, wall.displays[i], dense));
    }
    out.keepouts = content_keepouts(parts, pane.rect, dense, wall);
    return out;
}

void find_seen(std::span<TileGeometry* const> tiles) {
    std::vector<std::pair<size_t, RectPx>> above;
    for (size_t i = tiles.size(); i-- > 0;) {
        for (Placement& at : tiles[i]->placements) {
            std::vector<RectPx> covers;
            for (const auto& [display, rect] : above) {
                if (display == at.display && !wall::intersect(rect, at.tile).empty())
                    covers.push_back(rect);
            }
            at.seen = at.tile.empty() ? std::vector<RectPx>{} : uncovered(at.tile, covers);
        }
        for (const Placement& at : tiles[i]->placements) above.emplace_back(at.display, at.tile);
    }
}

VideoBox place_video(const surface::VideoCommand& command, double unit_px) {
    VideoBox out{{}, {command.x, command.y, command.width, command.height}};
    int strip = (command.flags & 1) != 0 ? to_int(kCaptionUnits * unit_px) : 0;
    if (strip <= 0 || strip * 2 > out.box.height) return out;
    out.strip = {out.box.x, out.box.y, out.box.width, strip};
    out.box.y += strip;
    out.box.height -= strip;
    return out;
}

Fit fit_of(config::Aspect aspect) {
    switch (aspect) {
        case config::Aspect::fill:
            return Fit::stretch;
        case config::Aspect::crop:
            return Fit::cover;
        case config::Aspect::fit:
            break;
    }
    return Fit::contain;
}

Size demanded_size(const RectPx& box, int most) {
    const double shrink =
        std::min(1.0, static_cast<double>(most) / std::max(box.width, box.height));
    return {std::max(to_int(box.width * shrink), 16), std::max(to_int(box.height * shrink), 16)};
}

RectPx picture_rect(const RectPx& box, Fit fit, Size picture, const Focus& focus) {
    Size size = fitted(box, fit, picture);
    // A picture made for this place is copied, not scaled: one pixel of rounding does not count,
    // unless it would leave a gap.
    const bool close = std::abs(size.width - picture.width) <= 1 &&
                       std::abs(size.height - picture.height) <= 1 && fit != Fit::stretch;
    const bool gap = picture.width < box.width || picture.height < box.height;
    if (close && !(fit == Fit::cover && gap)) size = picture;
    if (fit != Fit::cover)
        return {box.x + (box.width - size.width) / 2, box.y + (box.height - size.height) / 2,
                size.width, size.height};
    auto cut = [](int whole, int part, double share) {
        const int wanted = to_int(std::clamp(share, 0.0, 1.0) * whole) - part / 2;
        return std::clamp(wanted, 0, whole - part);
    };
    return {box.x - cut(size.width, box.width, focus.x),
            box.y - cut(size.height, box.height, focus.y), size.width, size.height};
}

std::vector<RectPx> uncovered(const RectPx& whole, const std::vector<RectPx>& parts) {
    std::vector<RectPx> left{whole};
    for (const RectPx& part : parts) {
        std::vector<RectPx> rest;
        for (const RectPx& r : left) {
            RectPx hole = wall::intersect(r, part);
            if (hole.empty()) {
                rest.push_back(r);
                continue;
            }
            const int right = hole.x + hole.width, bottom = hole.y + hole.height;
            for (const RectPx& side : {RectPx{r.x, r.y, r.width, hole.y - r.y},
                                       RectPx{r.x, bottom, r.width, r.y + r.height - bottom},
                                       RectPx{r.x, hole.y, hole.x - r.x, hole.height},
                                       RectPx{right, hole.y, r.x + r.width - right, hole.height}}) {
                if (!side.empty()) rest.push_back(side);
            }
        }
        left = std::move(rest);
    }
    return left;
}

WallView wall_view(const config::Wall& wall, Size most) {
    wall::RectMm all = wall::canvas(wall);
    double density = 0;
    for (const config::Display& d : wall.displays)
        density = std::max(density, d.width_px / d.width_mm);
    density = std::min({density, most.width / std::max(all.width, 1e-9),
                        most.height / std::max(all.height, 1e-9)});
    WallView out;
    out.size = {std::clamp(to_int(all.width * density), 1, std::max(most.width, 1)),
                std::clamp(to_int(all.height * density), 1, std::max(most.height, 1))};
    for (const config::Display& d : wall.displays) {
        int left = to_int((d.x_mm - all.x) * density), top = to_int((d.y_mm - all.y) * density);
        int right = to_int((d.x_mm + d.width_mm - all.x) * density);
        int bottom = to_int((d.y_mm + d.height_mm - all.y) * density);
        out.places.push_back({left, top, right - left, bottom - top});
    }
    return out;
}

}  // namespace bw::compositor
