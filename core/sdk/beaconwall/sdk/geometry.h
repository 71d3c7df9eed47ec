// SPDX-License-Identifier: Apache-2.0
// Rectangles that are cut up: the layout of a panel is a few cuts.
#pragma once

#include <algorithm>
#include <vector>

namespace bw::sdk {

struct Point {
    float x = 0, y = 0;
};

/// Pixels, origin top left.
struct Rect {
    float x = 0, y = 0, w = 0, h = 0;

    [[nodiscard]] float right() const { return x + w; }
    [[nodiscard]] float bottom() const { return y + h; }
    [[nodiscard]] Point centre() const { return {x + w / 2, y + h / 2}; }
    [[nodiscard]] bool contains(float px, float py) const {
        return px >= x && px < right() && py >= y && py < bottom();
    }
    [[nodiscard]] bool empty() const { return w <= 0 || h <= 0; }
    [[nodiscard]] Rect inset(float d) const {
        return {x + d, y + d, std::max(0.0f, w - 2 * d), std::max(0.0f, h - 2 * d)};
    }

    // Takes a strip off this rectangle (at most what is there), and a gap besides; returns the
    // strip.
    Rect cut_top(float size, float gap = 0) {
        size = std::clamp(size, 0.0f, h);
        Rect strip{x, y, w, size};
        gap = std::min(gap, h - size);
        y += size + gap;
        h -= size + gap;
        return strip;
    }
    Rect cut_bottom(float size, float gap = 0) {
        size = std::clamp(size, 0.0f, h);
        Rect strip{x, bottom() - size, w, size};
        h -= size + std::min(gap, h - size);
        return strip;
    }
    Rect cut_left(float size, float gap = 0) {
        size = std::clamp(size, 0.0f, w);
        Rect strip{x, y, size, h};
        gap = std::min(gap, w - size);
        x += size + gap;
        w -= size + gap;
        return strip;
    }
    Rect cut_right(float size, float gap = 0) {
        size = std::clamp(size, 0.0f, w);
        Rect strip{right() - size, y, size, h};
        w -= size + std::min(gap, w - size);
        return strip;
    }
    /// Cell (column, row) of an equal grid with gutters.
    [[nodiscard]] Rect cell(int column, int row, int columns, int rows, float gap) const {
        float cw = (w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
        float ch = (h - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows);
        return {x + static_cast<float>(column) * (cw + gap),
                y + static_cast<float>(row) * (ch + gap), cw, ch};
    }
};

/// The largest rectangle inside `area` that none of `strips` enters; a strip without width or
/// height counts as the line it is. Of equals the first from the top, then from the left.
Rect clear_of(const Rect& area, const std::vector<Rect>& strips);
/// A strip, or the line it is, has something of `area` on both sides of it, or lies in it.
bool enters(const Rect& strip, const Rect& area);
/// `label` moved the shortest way off the strips that enter it: down or up off those that lie, left
/// or right off those that stand.
Rect moved_off(Rect label, const std::vector<Rect>& strips);

}  // namespace bw::sdk
