// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/pen.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bw::compositor {

using wall::RectPx;

namespace {

constexpr float kSoft = 0.75f;  // pixels over which an edge fades: no multisampling is needed

}  // namespace

Pen::Pen(const text::Atlas& atlas, surface::DrawList& list, double unit_px)
    : atlas_(atlas),
      list_(list),
      unit_px_(unit_px),
      factor_(static_cast<float>(unit_px) / atlas.scale()) {}

Pen::~Pen() {
    close_range();
    list_.commands = std::move(ranges_);
}

void Pen::clip(const RectPx& rect) {
    close_range();
    clip_ = rect;
}

void Pen::close_range() {
    auto end = static_cast<uint32_t>(list_.indices.size());
    if (end > range_start_) {
        ranges_.push_back({static_cast<float>(clip_.x), static_cast<float>(clip_.y),
                           static_cast<float>(clip_.x + clip_.width),
                           static_cast<float>(clip_.y + clip_.height), 0, range_start_,
                           end - range_start_, -1});
    }
    range_start_ = end;
}

uint32_t Pen::vertex(float x, float y, uint32_t rgba) {
    list_.vertices.push_back({x, y, atlas_.white_u(), atlas_.white_v(), rgba});
    return static_cast<uint32_t>(list_.vertices.size() - 1);
}

void Pen::triangle(uint32_t a, uint32_t b, uint32_t c) {
    list_.indices.insert(list_.indices.end(), {a, b, c});
}

void Pen::quad(const std::array<Point, 4>& corners, uint32_t rgba) {
    std::array<uint32_t, 4> v{};
    for (size_t i = 0; i < 4; ++i) v[i] = vertex(corners[i].x, corners[i].y, rgba);
    triangle(v[0], v[1], v[2]);
    triangle(v[0], v[2], v[3]);
}

void Pen::fill(const RectPx& rect, uint32_t rgba) {
    if (rect.empty()) return;
    auto x0 = static_cast<float>(rect.x), y0 = static_cast<float>(rect.y);
    auto x1 = static_cast<float>(rect.x + rect.width),
         y1 = static_cast<float>(rect.y + rect.height);
    quad({{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}}, rgba);
}

void Pen::frame(const RectPx& r, int t, uint32_t rgba) {
    fill({r.x, r.y, r.width, t}, rgba);
    fill({r.x, r.y + r.height - t, r.width, t}, rgba);
    fill({r.x, r.y + t, t, r.height - 2 * t}, rgba);
    fill({r.x + r.width - t, r.y + t, t, r.height - 2 * t}, rgba);
}

void Pen::stroke(Point a, Point b, float thickness, uint32_t rgba) {
    float dx = b.x - a.x, dy = b.y - a.y;
    float length = std::sqrt(dx * dx + dy * dy);
    if (length < 1e-3f) return;
    float nx = -dy / length, ny = dx / length;
    const uint32_t clear = rgba & 0x00FFFFFFu;
    // Four rails along the line: clear, solid, solid, clear.
    float inner = std::max(thickness / 2 - kSoft / 2, 0.0f), outer = thickness / 2 + kSoft / 2;
    const std::array<float, 4> rails{-outer, -inner, inner, outer};
    std::array<uint32_t, 8> v{};
    for (size_t i = 0; i < 4; ++i) {
        uint32_t c = i == 0 || i == 3 ? clear : rgba;
        v[i] = vertex(a.x + nx * rails[i], a.y + ny * rails[i], c);
        v[i + 4] = vertex(b.x + nx * rails[i], b.y + ny * rails[i], c);
    }
    for (size_t i = 0; i < 3; ++i) {
        triangle(v[i], v[i + 4], v[i + 5]);
        triangle(v[i], v[i + 5], v[i + 1]);
    }
}

void Pen::arc(Point c, float radius, float thickness, float from, float to, uint32_t rgba) {
    const float turn = 2 * std::numbers::pi_v<float>;
    int steps = std::max(6, static_cast<int>(std::abs(to - from) * 48));
    const uint32_t clear = rgba & 0x00FFFFFFu;
    float inner = std::max(thickness / 2 - kSoft / 2, 0.0f), outer = thickness / 2 + kSoft / 2;
    const std::array<float, 4> rails{radius - outer, radius - inner, radius + inner,
                                     radius + outer};
    auto base = static_cast<uint32_t>(list_.vertices.size());
    for (int i = 0; i <= steps; ++i) {
        float angle =
            (from + (to - from) * static_cast<float>(i) / static_cast<float>(steps)) * turn;
        float ca = std::cos(angle), sa = std::sin(angle);
        for (size_t k = 0; k < 4; ++k)
            vertex(c.x + ca * rails[k], c.y + sa * rails[k], k == 0 || k == 3 ? clear : rgba);
    }
    for (uint32_t i = 0; i < static_cast<uint32_t>(steps); ++i) {
        for (uint32_t k = 0; k < 3; ++k) {
            uint32_t v = base + i * 4 + k;
            triangle(v, v + 4, v + 5);
            triangle(v, v + 5, v + 1);
        }
    }
}

void Pen::hatch(const RectPx& r, float spacing, float thickness, uint32_t rgba) {
    if (r.empty()) return;
    RectPx before = clip_;
    clip(wall::intersect(r, before));
    auto x0 = static_cast<float>(r.x), y0 = static_cast<float>(r.y);
    auto w = static_cast<float>(r.width), h = static_cast<float>(r.height);
    // Lines x + y = c that rise to the right; ends reach beyond and are clipped.
    for (float c = spacing / 2; c < w + h; c += spacing) {
        float left = std::max(0.0f, c - h), right = std::min(w, c);
        stroke({x0 + left - 2, y0 + c - left + 2}, {x0 + right + 2, y0 + c - right - 2}, thickness,
               rgba);
    }
    clip(before);
}

float Pen::text(text::Role role, float x, float y, uint32_t rgba, std::string_view utf8) {
    return text::draw(atlas_, atlas_.face(role), list_, std::round(x), std::round(y), rgba, utf8,
                      factor_);
}

void Pen::rising_text(text::Role role, Point centre, uint32_t rgba, std::string_view utf8) {
    constexpr float kHalf = std::numbers::sqrt2_v<float> / 2;
    const size_t first = list_.vertices.size();
    text(role, centre.x - width(role, utf8) / 2, top_for(role, centre.y), rgba, utf8);
    for (size_t i = first; i < list_.vertices.size(); ++i) {
        surface::Vertex& v = list_.vertices[i];
        const float x = v.x - centre.x, y = v.y - centre.y;
        v.x = centre.x + (x + y) * kHalf;
        v.y = centre.y + (y - x) * kHalf;
    }
}

float Pen::width(text::Role role, std::string_view utf8) const {
    return text::measure(atlas_.face(role), utf8, factor_).width;
}

float Pen::line_height(text::Role role) const {
    return atlas_.face(role).size * factor_;
}

std::string Pen::fit(text::Role role, std::string_view utf8, float max_width) const {
    return text::fit(atlas_.face(role), utf8, max_width, factor_);
}

float Pen::top_for(text::Role role, float centre_y) const {
    return centre_y - line_height(role) / 2;
}

void Pen::clock_glyph(Point c, float size, uint32_t rgba) {
    float r = size * 0.42f, t = std::max(1.5f, size * 0.09f);
    arc(c, r, t, 0, 1, rgba);
    stroke(c, {c.x, c.y - r * 0.62f}, t, rgba);
    stroke(c, {c.x + r * 0.45f, c.y + r * 0.2f}, t, rgba);
}

void Pen::pause_glyph(Point c, float size, uint32_t rgba) {
    float w = size * 0.2f, h = size * 0.36f, gap = size * 0.12f;
    for (float side : {-1.0f, 1.0f}) {
        float x = c.x + side * (gap + w / 2);
        quad({{{x - w / 2, c.y - h},
               {x + w / 2, c.y - h},
               {x + w / 2, c.y + h},
               {x - w / 2, c.y + h}}},
             rgba);
    }
}

void Pen::broken_link_glyph(Point c, float size, uint32_t rgba) {
    float r = size * 0.2f, t = std::max(1.5f, size * 0.1f), reach = size * 0.24f;
    // Two open chain links on a line, and a stroke across the gap between them.
    arc({c.x - reach, c.y}, r, t, 0.125f, 0.875f, rgba);
    arc({c.x + reach, c.y}, r, t, 0.625f, 1.375f, rgba);
    stroke({c.x - size * 0.1f, c.y + size * 0.34f}, {c.x + size * 0.1f, c.y - size * 0.34f}, t,
           rgba);
}

void Pen::ring_glyph(Point c, float size, uint32_t rgba) {
    arc(c, size * 0.4f, std::max(2.0f, size * 0.08f), 0, 1, rgba);
}

void Pen::lock_glyph(Point c, float size, uint32_t rgba) {
    float w = size * 0.34f, t = std::max(1.5f, size * 0.11f);
    arc({c.x, c.y - size * 0.08f}, size * 0.22f, t, 0.5f, 1, rgba);
    quad({{{c.x - w, c.y - size * 0.06f},
           {c.x + w, c.y - size * 0.06f},
           {c.x + w, c.y + size * 0.42f},
           {c.x - w, c.y + size * 0.42f}}},
         rgba);
}

void Pen::fault_glyph(Point c, float size, uint32_t rgba) {
    float t = std::max(1.5f, size * 0.09f), h = size * 0.42f;
    Point top{c.x, c.y - h}, left{c.x - h, c.y + h * 0.8f}, right{c.x + h, c.y + h * 0.8f};
    stroke(top, left, t, rgba);
    stroke(left, right, t, rgba);
    stroke(right, top, t, rgba);
    stroke({c.x, c.y - h * 0.3f}, {c.x, c.y + h * 0.25f}, t, rgba);
    stroke({c.x, c.y + h * 0.45f}, {c.x, c.y + h * 0.55f}, t, rgba);
}

// A camera, struck through.
void Pen::no_camera_glyph(Point c, float size, uint32_t rgba) {
    const float t = std::max(1.5f, size * 0.08f), w = size * 0.3f, h = size * 0.24f;
    const Point a{c.x - w - size * 0.08f, c.y - h}, b{c.x + w - size * 0.08f, c.y + h};
    stroke(a, {b.x, a.y}, t, rgba);
    stroke({b.x, a.y}, b, t, rgba);
    stroke(b, {a.x, b.y}, t, rgba);
    stroke({a.x, b.y}, a, t, rgba);
    const float lens = size * 0.2f;  // its lens, at the right
    stroke({b.x, c.y}, {b.x + lens, c.y - h * 0.7f}, t, rgba);
    stroke({b.x + lens, c.y - h * 0.7f}, {b.x + lens, c.y + h * 0.7f}, t, rgba);
    stroke({b.x + lens, c.y + h * 0.7f}, {b.x, c.y}, t, rgba);
    stroke({c.x - size * 0.42f, c.y + size * 0.42f}, {c.x + size * 0.42f, c.y - size * 0.42f}, t,
           rgba);
}

}  // namespace bw::compositor
