// SPDX-License-Identifier: Apache-2.0
// How many pixels a draw list covers: each triangle, cut at its clip rectangle.
#include <algorithm>
#include <array>
#include <cmath>

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

}  // namespace

uint64_t list_area(const Plan::List& what) {
    const surface::DrawList& list = *what.list;
    double sum = 0;
    for (size_t i = what.first_command; i < list.commands.size(); ++i) {
        const surface::DrawCommand& command = list.commands[i];
        if (command.video >= 0) continue;
        auto clamped = [](double v) { return std::clamp(v, -1e6, 1e6); };
        const double x0 =
            std::max<double>(what.clip.x, clamped(what.x + command.clip_x0 * what.scale));
        const double y0 =
            std::max<double>(what.clip.y, clamped(what.y + command.clip_y0 * what.scale));
        const double x1 = std::min<double>(what.clip.x + what.clip.width,
                                           clamped(what.x + command.clip_x1 * what.scale));
        const double y1 = std::min<double>(what.clip.y + what.clip.height,
                                           clamped(what.y + command.clip_y1 * what.scale));
        if (x0 >= x1 || y0 >= y1) continue;
        for (uint32_t k = 0; k + 2 < command.count; k += 3) {
            Polygon shape;
            bool inside = true, left = true, right = true, above = true, below = true;
            for (uint32_t corner = 0; corner < 3; ++corner) {
                const surface::Vertex& v =
                    list.vertices[list.indices[command.first_index + k + corner]];
                const Corner p{clamped(what.x + v.x * what.scale),
                               clamped(what.y + v.y * what.scale)};
                inside = inside && p.x >= x0 && p.x <= x1 && p.y >= y0 && p.y <= y1;
                left = left && p.x <= x0;
                right = right && p.x >= x1;
                above = above && p.y <= y0;
                below = below && p.y >= y1;
                shape.add(p);
            }
            // Most of a list lies beyond the small part that is drawn: it need not be cut.
            if (left || right || above || below) continue;
            if (!inside) {
                shape = cut(shape, [x0](Corner p) { return p.x - x0; });
                shape = cut(shape, [x1](Corner p) { return x1 - p.x; });
                shape = cut(shape, [y0](Corner p) { return p.y - y0; });
                shape = cut(shape, [y1](Corner p) { return y1 - p.y; });
            }
            sum += area(shape);
        }
    }
    return static_cast<uint64_t>(sum + 0.5);
}

}  // namespace bw::compositor
