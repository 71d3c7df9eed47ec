// SPDX-License-Identifier: Apache-2.0
// Text and shapes. Text is measured with the baked face and drawn with the same face as an ImFont,
// so both always agree.
#include "beaconwall/sdk/ui.h"

#include <cmath>

#include "frame.h"

namespace bw::sdk {

Rect Ui::bounds() const {
    return {0, 0, frame_.panel.width, frame_.panel.height};
}
const std::vector<Rect>& Ui::keepouts() const {
    return frame_.panel.keepouts;
}
Rect Ui::clear(const Rect& area) const {
    return clear_of(area, keepouts());
}
float Ui::u(float units) const {
    return units * frame_.panel.scale;
}
bool Ui::chinese() const {
    return frame_.panel.language == "zh";
}
int64_t Ui::now_ns() const {
    return frame_.now_ns;
}
ImDrawList* Ui::draw_list() {
    return frame_.list;
}

void Ui::redraw_in(double seconds) {
    auto& wish = frame_.panel.redraw_s;
    if (!wish || seconds < *wish) wish = seconds;
}

bool Ui::hovered(const Rect& area) const {
    const Panel::State& panel = frame_.panel;
    return panel.pointer_inside && area.contains(panel.pointer_x, panel.pointer_y);
}

void Ui::pressable(const Rect& area, std::function<void()> pressed) {
    if (area.empty() || !pressed) return;
    frame_.panel.pressables.push_back({area, std::move(pressed)});
}

float Ui::line(Text style) const {
    return frame_.face(style).size * frame_.factor;
}

float Ui::width(Text style, std::string_view text) const {
    return text::measure(frame_.face(style), text, frame_.factor).width;
}

std::string Ui::fit(Text style, std::string_view text, float max_width) const {
    return text::fit(frame_.face(style), text, max_width, frame_.factor);
}

float Ui::text_at(float x, float y, Text style, Color color, std::string_view text, float size) {
    if (text.empty()) return 0;
    const text::Face& face = frame_.face(style);
    ImFont* font = frame_.fonts.font(static_cast<text::Role>(style));
    float factor = frame_.factor * size;
    frame_.list->AddText(font, face.size * factor, {std::round(x), std::round(y)}, color,
                         text.data(), text.data() + text.size());
    return text::measure(face, text, factor).width;
}

float Ui::text(const Rect& area, Text style, Color color, std::string_view text, Align align) {
    std::string fitted = fit(style, text, area.w);
    float wide = width(style, fitted);
    float x = align == Align::left    ? area.x
              : align == Align::right ? std::floor(area.right() - wide)
                                      : area.x + std::floor((area.w - wide) / 2);
    return text_at(x, area.y + (area.h - line(style)) / 2, style, color, fitted);
}

namespace {

size_t utf8_length(char lead) {
    auto byte = static_cast<unsigned char>(lead);
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

bool is_latin(char c) {
    return static_cast<unsigned char>(c) < 0x80 && c != ' ' && c != '\n';
}

/// Bytes of `text` that fit on one line: breaks between hanzi, at spaces, not inside Latin words.
size_t line_break(const Ui& ui, Text style, std::string_view text, float room) {
    size_t at = 0, last_break = 0;
    while (at < text.size() && text[at] != '\n') {
        size_t next = std::min(text.size(), at + utf8_length(text[at]));
        if (ui.width(style, text.substr(0, next)) > room)
            return last_break > 0 ? last_break : std::max<size_t>(at, next - at);
        bool inside_word = next < text.size() && is_latin(text[at]) && is_latin(text[next]);
        at = next;
        if (!inside_word) last_break = at;
    }
    return at;
}

}  // namespace

size_t lines_of(const Ui& ui, Text style, std::string_view text, float width) {
    size_t lines = 0;
    while (!text.empty()) {
        text.remove_prefix(line_break(ui, style, text, width));
        while (!text.empty() && (text[0] == ' ' || text[0] == '\n')) text.remove_prefix(1);
        ++lines;
    }
    return lines;
}

float Ui::paragraph(const Rect& area, Text style, Color color, std::string_view text) {
    float y = area.y, height = line(style);
    while (!text.empty() && y + height <= area.bottom() + 0.5f) {
        bool last = y + 2 * height > area.bottom() + 0.5f;
        size_t length = last ? text.size() : line_break(*this, style, text, area.w);
        std::string_view part = text.substr(0, length);
        if (last) part = part.substr(0, part.find('\n'));
        this->text({area.x, y, area.w, height}, style, color, part);
        y += height;
        text.remove_prefix(length);
        while (!text.empty() && (text[0] == ' ' || text[0] == '\n')) text.remove_prefix(1);
    }
    return y - area.y;
}

void Ui::fill(const Rect& area, Color color) {
    frame_.list->AddRectFilled({std::round(area.x), std::round(area.y)},
                               {std::round(area.right()), std::round(area.bottom())}, color);
}

void Ui::outline(const Rect& area, Color color, float thickness_units) {
    float t = std::max(1.0f, std::round(u(thickness_units)));
    Rect rest = area;
    fill(rest.cut_top(t), color);
    fill(rest.cut_bottom(t), color);
    fill(rest.cut_left(t), color);
    fill(rest.cut_right(t), color);
}

void Ui::rule(Point from, Point to, Color color, float thickness_units) {
    float t = std::max(1.0f, std::round(u(thickness_units)));
    if (from.y == to.y) {
        fill({std::min(from.x, to.x), std::floor(from.y), std::fabs(to.x - from.x), t}, color);
    } else if (from.x == to.x) {
        fill({std::floor(from.x), std::min(from.y, to.y), t, std::fabs(to.y - from.y)}, color);
    } else {
        frame_.list->AddLine(vec(from), vec(to), color, t);
    }
}

namespace {

void dashes(ImDrawList& list, const std::vector<Point>& points, Color color, float thickness,
            float dash) {
    float left = dash;  // of the present dash or gap
    bool pen = true;
    for (size_t i = 1; i < points.size(); ++i) {
        Point a = points[i - 1], b = points[i];
        float length = std::hypot(b.x - a.x, b.y - a.y), done = 0;
        while (done < length) {
            float step = std::min(left, length - done);
            auto at = [&](float d) -> ImVec2 {
                return {a.x + (b.x - a.x) * d / length, a.y + (b.y - a.y) * d / length};
            };
            if (pen) list.AddLine(at(done), at(done + step), color, thickness);
            done += step;
            left -= step;
            if (left <= 0) {
                pen = !pen;
                left = dash;
            }
        }
    }
}

}  // namespace

void Ui::polyline(const std::vector<Point>& points, Color color, float thickness_units,
                  bool dashed) {
    if (points.size() < 2) return;
    float thickness = std::max(1.0f, u(thickness_units));
    if (dashed) return dashes(*frame_.list, points, color, thickness, std::max(2.0f, u(6)));
    std::vector<ImVec2> path;
    for (Point p : points) path.push_back(vec(p));
    frame_.list->AddPolyline(path.data(), static_cast<int>(path.size()), color, ImDrawFlags_None,
                             thickness);
}

void Ui::polygon(const std::vector<Point>& points, Color color) {
    std::vector<Point> triangles = triangulate(points);
    for (size_t i = 0; i + 2 < triangles.size(); i += 3) {
        // Without the anti-aliased fringe, which would show between neighbours.
        ImDrawList& list = *frame_.list;
        list.PrimReserve(3, 3);
        for (size_t k = 0; k < 3; ++k)
            list.PrimVtx(vec(triangles[i + k]), ImGui::GetFontTexUvWhitePixel(), color);
    }
}

void Ui::symbol(Point c, Shape shape, float size_units, Color color, bool filled) {
    ImDrawList& list = *frame_.list;
    float r = u(size_units) / 2, t = std::max(1.5f, u(1.5f));
    std::vector<ImVec2> path;
    switch (shape) {
        case Shape::triangle_up:
            path = {{c.x, c.y - r}, {c.x + r, c.y + r * 0.8f}, {c.x - r, c.y + r * 0.8f}};
            break;
        case Shape::triangle_down:
            path = {{c.x - r, c.y - r * 0.8f}, {c.x + r, c.y - r * 0.8f}, {c.x, c.y + r}};
            break;
        case Shape::square: {
            float h = r * 0.85f;
            path = {{c.x - h, c.y - h}, {c.x + h, c.y - h}, {c.x + h, c.y + h}, {c.x - h, c.y + h}};
            break;
        }
        case Shape::diamond:
            path = {{c.x, c.y - r}, {c.x + r, c.y}, {c.x, c.y + r}, {c.x - r, c.y}};
            break;
        case Shape::circle:
            if (filled) return list.AddCircleFilled(vec(c), r, color, 24);
            return list.AddCircle(vec(c), r - t / 2, color, 24, t);
        case Shape::ring:
            return list.AddCircle(vec(c), r - t / 2, color, 24, t);
        case Shape::half_circle:
            list.AddCircle(vec(c), r - t / 2, color, 24, t);
            if (!filled) return;
            list.PathArcTo(vec(c), r - t / 2, 1.5708f, 4.7124f, 16);
            return list.PathFillConvex(color);
    }
    int count = static_cast<int>(path.size());
    if (filled) return list.AddConvexPolyFilled(path.data(), count, color);
    list.AddPolyline(path.data(), count, color, ImDrawFlags_Closed, t);
}

void Ui::clipped(const Rect& area, const std::function<void()>& draw) {
    frame_.list->PushClipRect({area.x, area.y}, {area.right(), area.bottom()}, true);
    draw();
    frame_.list->PopClipRect();
}

}  // namespace bw::sdk
