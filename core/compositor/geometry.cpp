// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/geometry.h"

#include <algorithm>
#include <cmath>

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
Parts split_tile(const RectPx& tile, bool caption, double unit_px) {
    Parts parts{tile, {}, {tile.x + 1, tile.y + 1, tile.width - 2, tile.height - 2}};
    int strip = caption ? to_int(kCaptionUnits * unit_px) : 0;
    if (strip <= 0 || strip * 2 > parts.content.height) return parts;
    parts.strip = {parts.content.x, parts.content.y, parts.content.width, strip};
    parts.content.y += strip;
    parts.content.height -= strip;
    return parts;
}

Placement place_on(const Parts& parts, size_t index, const RectPx& tile,
                   const config::Display& display) {
    Placement out;
    out.display = index;
    const double scale =
        parts.tile.width > 0 ? static_cast<double>(tile.width) / parts.tile.width : 1;
    out.scale = std::abs(scale - 1) < 0.01 ? 1 : scale;
    out.origin_x = tile.x + to_int((parts.content.x - parts.tile.x) * out.scale);
    out.origin_y = tile.y + to_int((parts.content.y - parts.tile.y) * out.scale);
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

// Rounded edge by edge as wall::on_display does.
RectPx on_display_unclipped(const wall::RectMm& rect, const config::Display& d) {
    double sx = d.width_px / d.width_mm, sy = d.height_px / d.height_mm;
    int left = to_int((rect.x - d.x_mm) * sx), top = to_int((rect.y - d.y_mm) * sy);
    int right = to_int((rect.x + rect.width - d.x_mm) * sx);
    int bottom = to_int((rect.y + rect.height - d.y_mm) * sy);
    return {left, top, right - left, bottom - top};
}

RectPx Placement::on_display(const RectPx& content) const {
    int left = origin_x + to_int(content.x * scale), top = origin_y + to_int(content.y * scale);
    int right = origin_x + to_int((content.x + content.width) * scale);
    int bottom = origin_y + to_int((content.y + content.height) * scale);
    return {left, top, right - left, bottom - top};
}

TileGeometry place_tile(const wall::ScenePane& pane, const config::Wall& wall) {
    TileGeometry out;
    if (wall.displays.empty()) return out;
    out.unit_px = wall::unit_scale(pane.rect, wall);
    Parts parts = split_tile(on_display_unclipped(pane.rect, wall.displays[densest(pane, wall)]),
                             pane.caption, out.unit_px);
    out.width = std::max(parts.content.width, 0);
    out.height = std::max(parts.content.height, 0);
    for (size_t i = 0; i < wall.displays.size(); ++i) {
        if (wall::on_display(pane.rect, wall.displays[i]).empty()) continue;
        RectPx tile = on_display_unclipped(pane.rect, wall.displays[i]);
        out.placements.push_back(place_on(parts, i, tile, wall.displays[i]));
    }
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

Size demanded_size(const RectPx& box) {
    return {std::max(box.width, 16), std::max(box.height, 16)};
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
