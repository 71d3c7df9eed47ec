// SPDX-License-Identifier: Apache-2.0
// Draws the compositor's own furniture into draw lists: rectangles, soft-edged strokes, the few
// glyphs that are shapes, text by the shared atlas. Coordinates are display pixels.
#pragma once

#include <array>
#include <string_view>

#include "core/surface/draw_list.h"
#include "core/text/atlas.h"
#include "core/wall/scene.h"

namespace bw::compositor {

/// The tokens of design/look.md as 0xAABBGGRR.
namespace colour {
inline constexpr uint32_t kGround = 0xFF120D0A, kTile = 0xFF1C1510, kRaised = 0xFF271E17,
                          kLine = 0xFF403126, kText = 0xFFF4EEE8, kText2 = 0xFFC4B6A9,
                          kText3 = 0xFF978574, kExercise = 0xFFFF8CB0;
/// Of a warning level, 1 (blue, IV) to 4 (red, I); for these and nothing else.
constexpr uint32_t level(int level) {
    constexpr uint32_t levels[] = {0xFFFF8D4C, 0xFF00D4FF, 0xFF1F8AFF, 0xFF303BFF};
    return levels[level < 1 ? 0 : level > 4 ? 3 : level - 1];
}
/// The same colour at another opacity, 0..1.
constexpr uint32_t with_alpha(uint32_t rgba, double alpha) {
    return (rgba & 0x00FFFFFFu) | (static_cast<uint32_t>(alpha * 255.0 + 0.5) << 24);
}
}  // namespace colour

struct Point {
    float x, y;
};

class Pen {
  public:
    /// `unit_px`: display pixels per logical unit. Both references must outlive the pen.
    Pen(const text::Atlas& atlas, surface::DrawList& list, double unit_px);
    /// Ends the list: its commands are then the clips that were set.
    ~Pen();
    Pen(const Pen&) = delete;
    Pen& operator=(const Pen&) = delete;

    void clip(const wall::RectPx& rect);
    [[nodiscard]] float px(double units) const { return static_cast<float>(units * unit_px_); }

    void fill(const wall::RectPx& rect, uint32_t rgba);
    void frame(const wall::RectPx& rect, int thickness, uint32_t rgba);
    void quad(const std::array<Point, 4>& corners, uint32_t rgba);
    void stroke(Point a, Point b, float thickness, uint32_t rgba);
    /// Angles in turns (0: to the right, clockwise).
    void arc(Point centre, float radius, float thickness, float from, float to, uint32_t rgba);
    /// 45-degree hatching, clipped to `rect` by geometry.
    void hatch(const wall::RectPx& rect, float spacing, float thickness, uint32_t rgba);

    /// Text with its line box's top left at (x, y). Returns its advance.
    float text(text::Role role, float x, float y, uint32_t rgba, std::string_view utf8);
    /// Text that rises to the right at 45 degrees, its middle at `centre`.
    void rising_text(text::Role role, Point centre, uint32_t rgba, std::string_view utf8);
    [[nodiscard]] float width(text::Role role, std::string_view utf8) const;
    [[nodiscard]] float line_height(text::Role role) const;
    [[nodiscard]] std::string fit(text::Role role, std::string_view utf8, float max_width) const;
    /// Top of a line box that centres the letters of `role` on `centre_y`.
    [[nodiscard]] float top_for(text::Role role, float centre_y) const;

    // Marks, `size` pixels across, centred.
    void clock_glyph(Point centre, float size, uint32_t rgba);
    void pause_glyph(Point centre, float size, uint32_t rgba);
    void broken_link_glyph(Point centre, float size, uint32_t rgba);
    void ring_glyph(Point centre, float size, uint32_t rgba);
    void lock_glyph(Point centre, float size, uint32_t rgba);
    void fault_glyph(Point centre, float size, uint32_t rgba);
    void no_camera_glyph(Point centre, float size, uint32_t rgba);

  private:
    void close_range();
    uint32_t vertex(float x, float y, uint32_t rgba);
    void triangle(uint32_t a, uint32_t b, uint32_t c);

    const text::Atlas& atlas_;
    surface::DrawList& list_;
    double unit_px_;
    float factor_;
    std::vector<surface::DrawCommand> ranges_;
    wall::RectPx clip_{-1'000'000, -1'000'000, 2'000'000, 2'000'000};
    uint32_t range_start_ = 0;
};

}  // namespace bw::compositor
