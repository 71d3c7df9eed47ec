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

Clip clip_of(const surface::DrawCommand& command, const Plan::List& what) {
    return {std::max<double>(what.clip.x, clamped(what.x + command.clip_x0 * what.scale)),
            std::max<double>(what.clip.y, clamped(what.y + command.clip_y0 * what.scale)),
            std::min<double>(what.clip.x + what.clip.width,
                             clamped(what.x + command.clip_x1 * what.scale)),
            std::min<double>(what.clip.y + what.clip.height,
                             clamped(what.y + command.clip_y1 * what.scale))};
}

bool within(const surface::Bounds& bounds, const surface::Bounds& clip) {
    return bounds.x0 >= clip.x0 && bounds.x1 <= clip.x1 && bounds.y0 >= clip.y0 &&
           bounds.y1 <= clip.y1;
}

/// A clip in the list's own pixels.
surface::Bounds in_list(const Clip& clip, const Plan::List& what) {
    auto of = [&](double value, double origin) {
        return static_cast<float>((value - origin) / what.scale);
    };
    return {of(clip.x0, what.x), of(clip.y0, what.y), of(clip.x1, what.x), of(clip.y1, what.y)};
}

struct Triangle {
    const surface::Vertex &a, &b, &c;
    [[nodiscard]] surface::Bounds bounds() const {
        return {std::min({a.x, b.x, c.x}), std::min({a.y, b.y, c.y}), std::max({a.x, b.x, c.x}),
                std::max({a.y, b.y, c.y})};
    }
    [[nodiscard]] float twice_area() const {
        return std::abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y));
    }
};

Triangle triangle(const surface::DrawList& list, size_t first_index) {
    const uint32_t* index = &list.indices[first_index];
    return {list.vertices[index[0]], list.vertices[index[1]], list.vertices[index[2]]};
}

double cut_area(const Triangle& all, const Plan::List& what, const Clip& clip) {
    auto corner = [&](const surface::Vertex& v) {
        return Corner{clamped(what.x + v.x * what.scale), clamped(what.y + v.y * what.scale)};
    };
    return cut_area({corner(all.a), corner(all.b), corner(all.c)}, clip);
}

/// Two triangles make what is mostly drawn, a rectangle. Of a command with thousands of them every
/// sixteenth pair stands for sixteen: it is a figure for statistics, looked for with each picture.
constexpr uint32_t kPair = 6, kAllCounted = 1024 * kPair, kSampled = 16;

/// What of a list is counted, and how.
struct Count {
    const surface::DrawList& list;
    const Plan::List& what;
    const Clip& clip;
    const surface::Bounds own = in_list(clip, what);
    const bool all_within = list.bounds && within(*list.bounds, own);
    double twice = 0, cut = 0;

    void add(size_t first_index) {
        const Triangle one = triangle(list, first_index);
        const surface::Bounds at = all_within ? surface::Bounds{} : one.bounds();
        if (all_within || within(at, own))
            twice += one.twice_area();
        else if (at.x1 > own.x0 && at.x0 < own.x1 && at.y1 > own.y0 && at.y0 < own.y1)
            cut += cut_area(one, what, clip);
    }
    [[nodiscard]] double area() const { return twice / 2 * what.scale * what.scale + cut; }
};

/// Of a command that `clip` lets through. Tens of thousands of triangles come here for each
/// picture, and nearly all lie within it or beyond it: those cost a few comparisons.
double command_area(const surface::DrawList& list, const surface::DrawCommand& command,
                    const Plan::List& what, const Clip& clip) {
    const uint32_t every = command.count > kAllCounted ? kSampled : 1;
    const uint32_t end = command.first_index + command.count / 3 * 3;
    Count count{list, what, clip};
    for (uint32_t pair = command.first_index; pair < end; pair += kPair * every)
        for (uint32_t k = pair; k < std::min(end, pair + kPair); k += 3) count.add(k);
    if (count.area() > 0 || every == 1) return every * count.area();
    for (uint32_t k = command.first_index; k < end; k += 3) count.add(k);  // "nothing" is exact
    return count.area();
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
        sum += command_area(list, command, what, clip);
    }
    return static_cast<uint64_t>(sum + 0.5);
}

}  // namespace bw::compositor
