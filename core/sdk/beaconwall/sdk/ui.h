// SPDX-License-Identifier: Apache-2.0
// What a panel draws with, in one draw(). Lengths are pixels; ask u(units) for them. Nothing here
// clips text: what does not fit is cut with "…". Everything drawn lies in bounds().
#pragma once

#include <beaconwall/sdk/format.h>
#include <beaconwall/sdk/geometry.h>
#include <beaconwall/sdk/texture.h>
#include <beaconwall/sdk/tokens.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

struct ImDrawList;

namespace bw::sdk {

class Panel;
struct Table;      // beaconwall/sdk/table.h
struct Plot;       // beaconwall/sdk/plot.h
struct Timeline;   // beaconwall/sdk/timeline.h
struct Map;        // beaconwall/sdk/map.h
struct AlarmCard;  // beaconwall/sdk/alarm.h

/// Text by role, in logical units of em: 16, 20, 28, 40, 60. number and display are tabular digits
/// with a few units and signs: no running text.
enum class Text { caption = 0, body = 1, title = 2, number = 3, display = 4 };
enum class Align { left, centre, right };
enum class Shape { triangle_up, triangle_down, square, circle, diamond, half_circle, ring };
enum class Fit { contain = 1, cover = 2, stretch = 3 };

/// Icons, as UTF-8 to put into caption, body and title text.
namespace icon {
inline constexpr const char* pause = "\xEE\x80\xB4";        // E034
inline constexpr const char* broken_link = "\xEE\x85\xAF";  // E16F
inline constexpr const char* clock = "\xEE\xA2\xB5";        // E8B5
inline constexpr const char* warning = "\xEE\x80\x82";      // E002
inline constexpr const char* camera = "\xEE\x81\x8B";       // E04B
inline constexpr const char* water = "\xEE\x9E\x98";        // E798
inline constexpr const char* fire = "\xEE\xBD\x95";         // EF55
inline constexpr const char* fire_truck = "\xEF\xA3\xB2";   // F8F2
inline constexpr const char* people = "\xEF\x88\xB3";       // F233
inline constexpr const char* store = "\xEE\x86\xA1";        // E1A1
inline constexpr const char* flood = "\xEE\xAF\xA6";        // EBE6
inline constexpr const char* landslide = "\xEE\xAF\x97";    // EBD7
inline constexpr const char* storm = "\xEE\xAF\x9B";        // EBDB
inline constexpr const char* medical = "\xEF\x84\x89";      // F109
inline constexpr const char* map = "\xEE\x95\x9B";          // E55B
inline constexpr const char* sensor = "\xEE\x94\x9E";       // E51E
inline constexpr const char* forest = "\xEE\xAA\x99";       // EA99
}  // namespace icon

/// The line at the top: title, scope, count; right: the age of the oldest fact.
struct Header {
    std::string_view title;
    std::string_view scope = {};  // "潮河流域"
    std::string_view count = {};  // "8 站"
    int64_t oldest_ns = 0;        // field time (Event::time_ns); 0: no age
};

/// A value that is read across the hall.
struct BigNumber {
    std::string_view value;            // "152.38"
    std::string_view unit = {};        // "m": 45 % of the size, on the baseline
    std::string_view label = {};       // above: "水位"
    Trend trend = Trend::none;         // arrow behind the number
    std::string_view rate = {};        // "+0.12 m/h"
    std::string_view note = {};        // below: "距警戒 0.42 m"
    Level level = Level::none;         // bar at the left
    std::string_view level_word = {};  // "警戒以上", below the label
};

/// One part of a bar.
struct BarPart {
    double value;
    Color color = token::series[1];
};
/// A horizontal bar on its track. Parts stand beside each other; marks are thresholds.
struct Bar {
    std::vector<BarPart> parts;
    double maximum = 1;
    struct Mark {
        double value;
        Color color = token::text2;
    };
    std::vector<Mark> marks = {};
};

/// A live source inside the panel's picture.
struct Camera {
    std::string_view source;  // "camera/FF-001"
    bool caption = true;      // the host writes id and name on it
    Fit fit = Fit::contain;
    Level level = Level::none;  // a frame in the level's colour
};

class Ui {
  public:
    struct Frame;
    explicit Ui(Frame& frame) : frame_(frame) {}

    [[nodiscard]] Rect bounds() const;
    /// What of bounds() no display shows: bezels and gaps. Without width or height: the seam of two
    /// displays that meet.
    [[nodiscard]] const std::vector<Rect>& keepouts() const;
    /// The largest part of `area` that lies on one display alone: text put there is never cut by a
    /// bezel.
    [[nodiscard]] Rect clear(const Rect& area) const;
    [[nodiscard]] float u(float units) const;
    [[nodiscard]] bool chinese() const;
    [[nodiscard]] std::string_view tr(std::string_view zh, std::string_view en) const {
        return chinese() ? zh : en;
    }
    /// Wall clock of the pane's space, the same all through one draw.
    [[nodiscard]] int64_t now_ns() const;
    /// As Panel::redraw_in.
    void redraw_in(double seconds);

    // ---- text ----
    /// Height of a line and width of a text.
    [[nodiscard]] float line(Text style) const;
    [[nodiscard]] float width(Text style, std::string_view text) const;
    /// The text cut with "…" so that it fits.
    [[nodiscard]] std::string fit(Text style, std::string_view text, float max_width) const;
    /// Draws one line with its top left at (x, y); returns its width. Does not fit by itself.
    float text_at(float x, float y, Text style, Color color, std::string_view text, float size = 1);
    /// Draws one line inside `area`, vertically centred, fitted. Returns the width drawn.
    float text(const Rect& area, Text style, Color color, std::string_view text,
               Align align = Align::left);
    /// Breaks a text into lines that fit and draws those that the area holds; returns their height.
    float paragraph(const Rect& area, Text style, Color color, std::string_view text);

    // ---- shapes ----
    void fill(const Rect& area, Color color);
    void outline(const Rect& area, Color color, float thickness_units = 1);
    /// A horizontal or vertical rule snaps to whole pixels.
    void rule(Point from, Point to, Color color, float thickness_units = 1);
    void polyline(const std::vector<Point>& points, Color color, float thickness_units = 1.5f,
                  bool dashed = false);
    /// Convex or not, in either direction.
    void polygon(const std::vector<Point>& points, Color color);
    void symbol(Point centre, Shape shape, float size_units, Color color, bool filled = true);
    /// Everything `draw` draws is clipped to `area`.
    void clipped(const Rect& area, const std::function<void()>& draw);

    // ---- parts of a panel ----
    /// Draws the header line at the top of `area` and takes it off.
    void header(Rect& area, const Header& header);
    /// Fills `area`; needs about 110 units of height with label and note.
    void big_number(const Rect& area, const BigNumber& number);
    /// Shape and word of a state, left in `area`; returns its width. A word that would be cut is
    /// written in body text.
    float pill(const Rect& area, Level level, std::string_view word, Text style = Text::body);
    void bar(const Rect& area, const Bar& bar);
    void table(const Rect& area, const Table& table);
    void plot(const Rect& area, const Plot& plot);
    /// Needs about 90 units of height for a row, its clock and the line at "now".
    void timeline(const Rect& area, const Timeline& timeline);
    void map(const Rect& area, const Map& map);
    /// Fills `area`; from about 44 units of height up (one line), with more room the more.
    void alarm(const Rect& area, const AlarmCard& alarm);
    /// Snapped to whole pixels; the host draws the live picture here.
    void camera(const Rect& area, const Camera& camera);
    /// A picture of your own on whole pixels, each of its colours times `tint`; returns where it
    /// lies. With Fit::contain a picture of the area's size is drawn pixel for pixel.
    Rect image(const Rect& area, const Texture& texture, Fit fit = Fit::contain,
               Color tint = 0xFFFFFFFFu);
    /// Empty is a statement: "无在途物资", with the time it was last checked (0: none).
    void empty(const Rect& area, std::string_view statement, int64_t checked_ns = 0);

    /// Whether the pointer is there.
    [[nodiscard]] bool hovered(const Rect& area) const;
    /// `area` answers presses of the left button with `pressed`, until the next draw; of areas that
    /// overlap the last. The panel is drawn again after a press, and when the pointer comes or
    /// goes.
    void pressable(const Rect& area, std::function<void()> pressed);
    /// Dear ImGui's draw list, for what is missing here. Include <imgui.h> yourself.
    [[nodiscard]] ImDrawList* draw_list();
    [[nodiscard]] Frame& frame() { return frame_; }

  private:
    Frame& frame_;
};

}  // namespace bw::sdk
