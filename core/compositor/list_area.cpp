// SPDX-License-Identifier: Apache-2.0
// How many pixels a draw list covers: each triangle, cut at its clip rectangle.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/compositor/plan.h"

namespace bw::compositor {

namespace {

struct Corner {
    double x = 0, y = 0;
};

struct Polygon {
    std::array<Corner, 8> at;  // a triangle cut by four lines has seven corners at most
    size_t count = 0;
    void add(Corner p) {
        if (count < at.size()) at[count++] = p;
    }
};

// Keeps the side where side(p) >= 0.
template <class Side>
Polygon cut(const Polygon& from, Side side) {
    Polygon out;
    for (size_t i = 0; i < from.count; ++i) {
        const Corner a = from.at[i], b = from.at[(i + 1) % from.count];
        const double da = side(a), db = side(b);
        if (da >= 0) out.add(a);
        if ((da < 0) == (db < 0)) continue;
        const double t = da / (da - db);
        out.add({a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t});
    }
    return out;
}

double area(const Polygon& p) {
    double twice = 0;
    for (size_t i = 0; i < p.count; ++i) {
        const Corner a = p.at[i], b = p.at[(i + 1) % p.count];
        twice += a.x * b.y - b.x * a.y;
    }
    return std::abs(twice) / 2;
}

struct Clip {
    double x0, y0, x1, y1;
};

double clamped(double v) {
    return std::clamp(v, -1e6, 1e6);
}

double cut_area(const std::array<Corner, 3>& p, const Clip& clip) {
    Polygon shape;
    for (const Corner& corner : p) shape.add(corner);
    shape = cut(shape, [&](Corner c) { return c.x - clip.x0; });
    shape = cut(shape, [&](Corner c) { return clip.x1 - c.x; });
    shape = cut(shape, [&](Corner c) { return c.y - clip.y0; });
    shape = cut(shape, [&](Corner c) { return clip.y1 - c.y; });
    return area(shape);
}

double triangle_area(const std::array<Corner, 3>& p, const Clip& clip) {
    const auto [left, right] = std::minmax({p[0].x, p[1].x, p[2].x});
    const auto [top, bottom] = std::minmax({p[0].y, p[1].y, p[2].y});
    // Most of a list lies beyond the small part that is drawn, or within the part: no need to cut.
    if (right <= clip.x0 || left >= clip.x1 || bottom <= clip.y0 || top >= clip.y1) return 0;
    if (left < clip.x0 || right > clip.x1 || top < clip.y0 || bottom > clip.y1)
        return cut_area(p, clip);
    const double twice =
        (p[1].x - p[0].x) * (p[2].y - p[0].y) - (p[2].x - p[0].x) * (p[1].y - p[0].y);
    return std::abs(twice) / 2;
}

Clip clip_of(const surface::DrawCommand& command, const Plan::List& what) {
    return {std::max<double>(what.clip.x, clamped(what.x + command.clip_x0 * what.scale)),
            std::max<double>(what.clip.y, clamped(what.y + command.clip_y0 * what.scale)),
            std::min<double>(what.clip.x + what.clip.width,
                             clamped(what.x + command.clip_x1 * what.scale)),
            std::min<double>(what.clip.y + what.clip.height,
                             clamped(what.y + command.clip_y1 * what.scale))};
}

/// Whether no vertex that the command may use lies beyond the clip.
bool all_within(const surface::DrawList& list, const surface::DrawCommand& command,
                const Plan::List& what, const Clip& clip) {
    uint32_t first = UINT32_MAX, last = 0;
    for (uint32_t k = 0; k < command.count; ++k) {
        first = std::min(first, list.indices[command.first_index + k]);
        last = std::max(last, list.indices[command.first_index + k]);
    }
    float x0 = 1e6F, y0 = 1e6F, x1 = -1e6F, y1 = -1e6F;
    for (size_t i = first; i <= last && command.count != 0; ++i) {
        const surface::Vertex& v = list.vertices[i];
        x0 = std::min(x0, v.x);
        y0 = std::min(y0, v.y);
        x1 = std::max(x1, v.x);
        y1 = std::max(y1, v.y);
    }
    return what.x + x0 * what.scale >= clip.x0 && what.x + x1 * what.scale <= clip.x1 &&
           what.y + y0 * what.scale >= clip.y0 && what.y + y1 * what.scale <= clip.y1;
}

/// In the list's own pixels.
double whole_area(const surface::DrawList& list, const surface::DrawCommand& command) {
    double twice = 0;
    for (uint32_t k = 0; k + 2 < command.count; k += 3) {
        const uint32_t* index = &list.indices[command.first_index + k];
        const surface::Vertex &a = list.vertices[index[0]], &b = list.vertices[index[1]],
                              &c = list.vertices[index[2]];
        twice += std::abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y));
    }
    return twice / 2;
}

double cut_area(const surface::DrawList& list, const surface::DrawCommand& command,
                const Plan::List& what, const Clip& clip) {
    double sum = 0;
    for (uint32_t k = 0; k + 2 < command.count; k += 3) {
        std::array<Corner, 3> corners;
        for (uint32_t corner = 0; corner < 3; ++corner) {
            const surface::Vertex& v =
                list.vertices[list.indices[command.first_index + k + corner]];
            corners[corner] = {clamped(what.x + v.x * what.scale),
                               clamped(what.y + v.y * what.scale)};
        }
        sum += triangle_area(corners, clip);
    }
    return sum;
}

}  // namespace

uint64_t list_area(const Plan::List& what) {
    const surface::DrawList& list = *what.list;
    double sum = 0;
    for (size_t i = what.first_command; i < list.commands.size(); ++i) {
        const surface::DrawCommand& command = list.commands[i];
        if (command.video >= 0) continue;
        const Clip clip = clip_of(command, what);
        if (clip.x0 >= clip.x1 || clip.y0 >= clip.y1) continue;
        sum += all_within(list, command, what, clip)
                   ? whole_area(list, command) * what.scale * what.scale
                   : cut_area(list, command, what, clip);
    }
    return static_cast<uint64_t>(sum + 0.5);
}

}  // namespace bw::compositor
