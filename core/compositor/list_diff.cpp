// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/list_diff.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <unordered_map>

#include "core/compositor/damage.h"

namespace bw::compositor {

using surface::DrawCommand;
using surface::DrawList;
using wall::RectPx;

namespace {

/// So many shapes that differ are looked at one by one; beyond that there is one rectangle around
/// all. It bounds what a panel's picture costs the wall, which looks at the whole list for each.
constexpr size_t kMatched = 1024;

/// One thing drawn: a triangle within its clip, or a video.
struct Shape {
    uint32_t command;
    uint32_t first;  // of a triangle's indices
};

size_t count_of(const DrawCommand& command) {
    return command.video >= 0 ? 1 : command.count / 3;
}

std::vector<Shape> shapes_of(const DrawList& list) {
    size_t count = 0;
    for (const DrawCommand& command : list.commands) count += count_of(command);
    std::vector<Shape> out(count);
    Shape* next = out.data();
    for (uint32_t at = 0; at < list.commands.size(); ++at) {
        const DrawCommand& command = list.commands[at];
        for (uint32_t k = 0; k < count_of(command); ++k)
            *next++ = {at, command.video >= 0 ? 0 : command.first_index + 3 * k};
    }
    return out;
}

/// A list and its shapes.
struct Side {
    const DrawList& list;
    std::span<const Shape> shapes;

    [[nodiscard]] const DrawCommand& command(size_t at) const {
        return list.commands[shapes[at].command];
    }
    /// Of its texture: other pixels in the same one are another picture.
    [[nodiscard]] uint64_t content(size_t at) const {
        const uint32_t id = command(at).texture;
        const surface::Texture* own = id != 0 ? list.texture(id) : nullptr;
        return own != nullptr ? own->content : 0;
    }
    [[nodiscard]] const surface::VideoCommand& video(size_t at) const {
        return list.videos[static_cast<size_t>(command(at).video)];
    }
    [[nodiscard]] const surface::Vertex& vertex(size_t at, uint32_t corner) const {
        return list.vertices[list.indices[shapes[at].first + corner]];
    }
};

template <class T>
bool equal(const T& a, const T& b) {
    return std::memcmp(&a, &b, sizeof(T)) == 0;
}

/// Compilers call memcmp() for five words, tens of thousands of times a picture.
bool equal(const surface::Vertex& a, const surface::Vertex& b) {
    struct Words {
        uint64_t first, second;
        uint32_t third;
    } of_a, of_b;
    static_assert(sizeof(surface::Vertex) == 20);
    std::memcpy(&of_a, &a, sizeof a);
    std::memcpy(&of_b, &b, sizeof b);
    return of_a.first == of_b.first && of_a.second == of_b.second && of_a.third == of_b.third;
}

/// What shapes a list has is decided by its commands.
bool same_shapes(const DrawList& a, const DrawList& b) {
    return a.commands.size() == b.commands.size() &&
           (a.commands.empty() || std::memcmp(a.commands.data(), b.commands.data(),
                                              a.commands.size() * sizeof(DrawCommand)) == 0);
}

bool same(const Side& a, size_t i, const Side& b, size_t j) {
    const DrawCommand &x = a.command(i), &y = b.command(j);
    if ((x.video >= 0) != (y.video >= 0)) return false;
    if (x.video >= 0) return equal(a.video(i), b.video(j));
    for (uint32_t corner = 0; corner < 3; ++corner)
        if (!equal(a.vertex(i, corner), b.vertex(j, corner))) return false;
    return a.content(i) == b.content(j) && x.clip_x0 == y.clip_x0 && x.clip_y0 == y.clip_y0 &&
           x.clip_x1 == y.clip_x1 && x.clip_y1 == y.clip_y1;
}

uint64_t mix(uint64_t hash, const void* bytes, size_t size) {
    const std::string_view text(static_cast<const char*>(bytes), size);
    return hash * 0x9E3779B97F4A7C15ULL ^ std::hash<std::string_view>{}(text);
}

uint64_t hash_of(const Side& side, size_t at) {
    const DrawCommand& command = side.command(at);
    if (command.video >= 0) return mix(1, &side.video(at), sizeof(surface::VideoCommand));
    const float clip[] = {command.clip_x0, command.clip_y0, command.clip_x1, command.clip_y1};
    uint64_t hash = mix(side.content(at), clip, sizeof(clip));
    for (uint32_t corner = 0; corner < 3; ++corner)
        hash = mix(hash, &side.vertex(at, corner), sizeof(surface::Vertex));
    return hash;
}

struct Box {
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

Box box_of(const Side& side, size_t at) {
    const DrawCommand& command = side.command(at);
    if (command.video >= 0) {
        const surface::VideoCommand& video = side.video(at);
        const auto x = static_cast<float>(video.x), y = static_cast<float>(video.y);
        return {x, y, x + static_cast<float>(video.width), y + static_cast<float>(video.height)};
    }
    const surface::Vertex &a = side.vertex(at, 0), &b = side.vertex(at, 1), &c = side.vertex(at, 2);
    return {std::max(std::min({a.x, b.x, c.x}), command.clip_x0),
            std::max(std::min({a.y, b.y, c.y}), command.clip_y0),
            std::min(std::max({a.x, b.x, c.x}), command.clip_x1),
            std::min(std::max({a.y, b.y, c.y}), command.clip_y1)};
}

RectPx pixels(const Box& box) {
    auto pixel = [](float v) { return std::clamp(v, -1e6F, 1e6F); };
    const int left = static_cast<int>(std::floor(pixel(box.x0)));
    const int top = static_cast<int>(std::floor(pixel(box.y0)));
    return {left, top, static_cast<int>(std::ceil(pixel(box.x1))) - left,
            static_cast<int>(std::ceil(pixel(box.y1))) - top};
}

/// The shapes between what both lists begin with and what both end with.
struct Middle {
    size_t begin = 0, end_a = 0, end_b = 0;
};

Middle middle_of(const Side& a, const Side& b) {
    Middle middle{0, a.shapes.size(), b.shapes.size()};
    const size_t shorter = std::min(middle.end_a, middle.end_b);
    while (middle.begin < shorter && same(a, middle.begin, b, middle.begin)) ++middle.begin;
    while (middle.end_a > middle.begin && middle.end_b > middle.begin &&
           same(a, middle.end_a - 1, b, middle.end_b - 1)) {
        --middle.end_a;
        --middle.end_b;
    }
    return middle;
}

/// How often each shape is drawn.
using Tally = std::unordered_map<uint64_t, int>;

std::vector<uint64_t> hashes(const Side& side, size_t begin, size_t end) {
    std::vector<uint64_t> out;
    for (size_t i = begin; i < end; ++i) out.push_back(hash_of(side, i));
    return out;
}

Tally tally(const std::vector<uint64_t>& shapes) {
    Tally out;
    for (const uint64_t hash : shapes) ++out[hash];
    return out;
}

/// Adds what `side` has beyond `other`, and gives the rest in its order.
std::vector<uint64_t> split(const Side& side, size_t begin, const std::vector<uint64_t>& shapes,
                            Tally other, Damage& damage) {
    std::vector<uint64_t> common;
    for (size_t i = 0; i < shapes.size(); ++i) {
        auto found = other.find(shapes[i]);
        if (found != other.end() && found->second-- > 0)
            common.push_back(shapes[i]);
        else
            damage.add(pixels(box_of(side, begin + i)));
    }
    return common;
}

void match(const Side& a, const Side& b, const Middle& middle, Damage& damage) {
    const auto of_a = hashes(a, middle.begin, middle.end_a);
    const auto of_b = hashes(b, middle.begin, middle.end_b);
    const auto kept_a = split(a, middle.begin, of_a, tally(of_b), damage);
    const auto kept_b = split(b, middle.begin, of_b, tally(of_a), damage);
    if (kept_a == kept_b) return;
    // What stays but in another order may cover each other in another way.
    for (size_t i = middle.begin; i < middle.end_a; ++i) damage.add(pixels(box_of(a, i)));
    for (size_t i = middle.begin; i < middle.end_b; ++i) damage.add(pixels(box_of(b, i)));
}

/// Of lists as long as each other, whose shapes mostly stand where they stood: those that differ.
/// False: they are too many.
bool compare_in_place(const Side& a, const Side& b, const Middle& middle, Damage& damage) {
    std::vector<size_t> differ;
    for (size_t i = middle.begin; i < middle.end_a; ++i) {
        if (same(a, i, b, i)) continue;
        if (differ.size() == kMatched) return false;
        differ.push_back(i);
    }
    for (const size_t i : differ) {
        damage.add(pixels(box_of(a, i)));
        damage.add(pixels(box_of(b, i)));
    }
    return true;
}

/// The end of the shapes from `begin` on whose indices follow one another, at most at `end`.
size_t run_of(const Side& side, size_t begin, size_t end) {
    const DrawCommand& command = side.command(begin);
    const size_t left = (command.first_index + command.count - side.shapes[begin].first) / 3;
    return std::min(end, begin + left);
}

/// One rectangle around all of them; by the vertices that they use, since it has to be quick.
void add_whole(const Side& side, size_t begin, size_t end, Damage& damage) {
    if (begin == end) return;
    Box all{1e6F, 1e6F, -1e6F, -1e6F};
    auto grow = [&all](const auto& box) {
        all = {std::min(all.x0, box.x0), std::min(all.y0, box.y0), std::max(all.x1, box.x1),
               std::max(all.y1, box.y1)};
    };
    for (size_t next = 0; begin < end; begin = next) {
        if (side.command(begin).video >= 0) {
            grow(box_of(side, begin));
            next = begin + 1;
            continue;
        }
        next = run_of(side, begin, end);
        grow(surface::bounds_of_named(side.list.vertices, side.list.indices,
                                      side.shapes[begin].first, 3 * (next - begin),
                                      side.list.pieces));
    }
    damage.add(pixels(all));
}

}  // namespace

std::vector<RectPx> list_diff(const DrawList& before, const DrawList& after, int width,
                              int height) {
    const std::vector<Shape> of_before = shapes_of(before);
    const std::vector<Shape> of_after =
        same_shapes(before, after) ? std::vector<Shape>() : shapes_of(after);
    const Side a{before, of_before};
    const Side b{after, same_shapes(before, after) ? of_before : of_after};
    const Middle middle = middle_of(a, b);
    Damage damage(width, height);
    const size_t count_a = middle.end_a - middle.begin, count_b = middle.end_b - middle.begin;
    if (count_a + count_b <= kMatched) {
        match(a, b, middle, damage);
    } else if (count_a != count_b || !compare_in_place(a, b, middle, damage)) {
        add_whole(a, middle.begin, middle.end_a, damage);
        add_whole(b, middle.begin, middle.end_b, damage);
    }
    return damage.rects();
}

}  // namespace bw::compositor
