// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/list_diff.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include "core/compositor/damage.h"

namespace bw::compositor {

using surface::DrawCommand;
using surface::DrawList;
using wall::RectPx;

namespace {

// One thing drawn: a triangle within its clip, or a video.
struct Shape {
    uint64_t hash = 0;
    RectPx box;
};

uint64_t mix(uint64_t hash, const void* bytes, size_t size) {
    const std::string_view text(static_cast<const char*>(bytes), size);
    return hash * 0x9E3779B97F4A7C15ULL ^ std::hash<std::string_view>{}(text);
}

RectPx box_of(float x0, float y0, float x1, float y1) {
    auto pixel = [](float v) { return std::clamp(v, -1e6F, 1e6F); };
    const int left = static_cast<int>(std::floor(pixel(x0)));
    const int top = static_cast<int>(std::floor(pixel(y0)));
    return {left, top, static_cast<int>(std::ceil(pixel(x1))) - left,
            static_cast<int>(std::ceil(pixel(y1))) - top};
}

Shape triangle(const DrawList& list, const DrawCommand& command, size_t first) {
    const float clip[] = {command.clip_x0, command.clip_y0, command.clip_x1, command.clip_y1};
    Shape shape{mix(command.texture, clip, sizeof(clip)), {}};
    float x0 = command.clip_x1, y0 = command.clip_y1, x1 = command.clip_x0, y1 = command.clip_y0;
    for (size_t i = first; i < first + 3; ++i) {
        const surface::Vertex& v = list.vertices[list.indices[i]];
        shape.hash = mix(shape.hash, &v, sizeof(v));
        x0 = std::min(x0, v.x);
        y0 = std::min(y0, v.y);
        x1 = std::max(x1, v.x);
        y1 = std::max(y1, v.y);
    }
    shape.box = box_of(std::max(x0, command.clip_x0), std::max(y0, command.clip_y0),
                       std::min(x1, command.clip_x1), std::min(y1, command.clip_y1));
    return shape;
}

std::vector<Shape> shapes_of(const DrawList& list) {
    std::vector<Shape> out;
    out.reserve(list.indices.size() / 3 + list.videos.size());
    for (const DrawCommand& command : list.commands) {
        if (command.video >= 0) {
            const surface::VideoCommand& video = list.videos[static_cast<size_t>(command.video)];
            out.push_back(
                {mix(1, &video, sizeof(video)), {video.x, video.y, video.width, video.height}});
            continue;
        }
        for (uint32_t k = 0; k + 2 < command.count; k += 3)
            out.push_back(triangle(list, command, size_t{command.first_index} + k));
    }
    return out;
}

// How often each shape is drawn.
using Tally = std::unordered_map<uint64_t, int>;

// Adds what `shapes` has beyond `other`, and gives the rest in its order.
std::vector<uint64_t> split(const std::vector<Shape>& shapes, Tally other, Damage& damage) {
    std::vector<uint64_t> common;
    for (const Shape& shape : shapes) {
        auto found = other.find(shape.hash);
        if (found != other.end() && found->second-- > 0)
            common.push_back(shape.hash);
        else
            damage.add(shape.box);
    }
    return common;
}

Tally tally(const std::vector<Shape>& shapes) {
    Tally out;
    for (const Shape& shape : shapes) ++out[shape.hash];
    return out;
}

}  // namespace

std::vector<RectPx> list_diff(const DrawList& before, const DrawList& after, int width,
                              int height) {
    std::vector<Shape> a = shapes_of(before), b = shapes_of(after);
    // Most of a board stays: only what lies between the common beginning and end is compared.
    auto same = [](const Shape& x, const Shape& y) { return x.hash == y.hash; };
    const auto [begin_a, begin_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), same);
    b.erase(b.begin(), begin_b);
    a.erase(a.begin(), begin_a);
    while (!a.empty() && !b.empty() && same(a.back(), b.back())) {
        a.pop_back();
        b.pop_back();
    }
    Damage damage(width, height);
    const std::vector<uint64_t> kept_a = split(a, tally(b), damage);
    const std::vector<uint64_t> kept_b = split(b, tally(a), damage);
    // What stays but in another order may cover each other in another way.
    if (kept_a != kept_b) {
        for (const auto* shapes : {&a, &b})
            for (const Shape& shape : *shapes) damage.add(shape.box);
    }
    return damage.rects();
}

}  // namespace bw::compositor
