// SPDX-License-Identifier: Apache-2.0
// The parts most panels are made of.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "frame.h"

namespace bw::sdk {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMinute = 60 * kSecond;

float ascent(const Ui::Frame& frame, Text style) {
    return frame.face(style).ascent * frame.factor;
}

/// Number, unit, arrow and rate on one baseline.
struct NumberLine {
    Ui& ui;
    const BigNumber& number;

    Text unit_style(Text style) const {
        return style == Text::display ? Text::title : Text::caption;
    }
    float width(Text style) const {
        float gap = ui.u(6);
        float w = ui.width(style, number.value);
        if (!number.unit.empty()) w += gap + ui.width(unit_style(style), number.unit);
        if (number.trend != Trend::none)
            w += 2 * gap + ui.width(Text::title, trend_arrow(number.trend));
        if (!number.rate.empty()) w += gap + ui.width(Text::body, number.rate);
        return w;
    }
    void draw(const Rect& area, Text style) const {
        float gap = ui.u(6), x = area.x;
        float base = area.y + ascent(ui.frame(), style);
        auto put = [&](Text part, Color color, std::string_view text) {
            float room = area.right() - x;
            if (room <= 0) return;
            std::string fitted = ui.fit(part, text, room);
            x += ui.text_at(x, base - ascent(ui.frame(), part), part, color, fitted) + gap;
        };
        put(style, token::text, number.value);
        if (!number.unit.empty()) put(unit_style(style), token::text2, number.unit);
        if (number.trend != Trend::none) {
            x += gap;
            put(Text::title, token::text, trend_arrow(number.trend));
        }
        if (!number.rate.empty()) put(Text::body, token::text2, number.rate);
    }
};

/// Ages in whole minutes: a panel on which nothing happens draws once a minute, not each second.
std::string coarse_age(int64_t age_ns, bool chinese) {
    if (age_ns < kMinute) return chinese ? "1 分钟内" : "within 1 min";
    return minutes_text(age_ns, chinese) + (chinese ? "前" : " ago");
}

}  // namespace

Shape level_shape(Level level) {
    switch (level) {
        case Level::blue:
            return Shape::circle;
        case Level::yellow:
            return Shape::square;
        case Level::orange:
            return Shape::triangle_up;
        case Level::red:
            return Shape::diamond;
        case Level::none:
            break;
    }
    return Shape::ring;
}

std::string minutes_text(int64_t age_ns, bool chinese) {
    if (age_ns >= 60 * kMinute) return age_text(age_ns, chinese);
    return std::to_string(age_ns / kMinute) + (chinese ? " 分钟" : " min");
}

void Ui::header(Rect& area, const Header& header) {
    Rect strip = area.cut_top(std::round(u(44)), u(8));
    fill(strip, token::raised);
    // Its ground runs across bezels, its words do not.
    Rect row = clear(strip), end = strip;
    for (const Rect& bare : keepouts()) {
        if (enters(bare, strip)) end.cut_left(bare.right() - end.x);
    }
    auto padded = [this](const Rect& r) {
        return Rect{r.x + u(16), r.y, std::max(0.0f, r.w - u(32)), r.h};
    };
    row = padded(row);
    end = padded(end);
    if (header.oldest_ns != 0) {
        int64_t age = std::max<int64_t>(0, now_ns() - header.oldest_ns);
        std::string text = std::string(icon::clock) + " " + coarse_age(age, chinese());
        redraw_in(static_cast<double>(kMinute - age % kMinute) / 1e9 + 0.05);
        const float wide = width(Text::caption, text) + 1;
        // At the far end, on a display of its own if there is one.
        const bool apart = end.x > row.right() && end.w >= wide;
        Rect right = apart ? end : row.cut_right(std::min(row.w / 2, wide));
        if (!apart) row.cut_right(u(16));
        this->text(right, Text::caption, token::text2, text, Align::right);
    }
    float taken = text(row, Text::title, token::text, header.title);
    row.cut_left(taken, u(16));
    for (std::string_view part : {header.scope, header.count}) {
        if (part.empty() || row.w < u(40)) continue;
        row.cut_left(text(row, Text::body, token::text2, part), u(16));
    }
}

void Ui::big_number(const Rect& area, const BigNumber& number) {
    Rect rest = clear(area);
    if (number.level != Level::none) fill(rest.cut_left(u(6), u(12)), level_color(number.level));
    NumberLine numbers{*this, number};
    float extras = (number.label.empty() ? 0 : line(Text::body)) +
                   (number.note.empty() ? 0 : line(Text::caption));
    bool large = numbers.width(Text::display) <= rest.w && line(Text::display) + extras <= rest.h;
    Text style = large ? Text::display : Text::number;
    bool with_note = !number.note.empty() && line(style) + extras <= rest.h + 1;
    float height = line(style) + (number.label.empty() ? 0 : line(Text::body)) +
                   (with_note ? line(Text::caption) : 0);
    rest.cut_top(std::max(0.0f, (rest.h - height) / 2));
    if (!number.label.empty() || !number.level_word.empty()) {
        Rect row = rest.cut_top(line(Text::body));
        row.cut_left(text(row, Text::body, token::text2, number.label), u(12));
        if (!number.level_word.empty()) pill(row, number.level, number.level_word);
    }
    numbers.draw(rest.cut_top(line(style)), style);
    if (with_note)
        text(rest.cut_top(line(Text::caption)), Text::caption, token::text2, number.note);
}

float Ui::pill(const Rect& area, Level level, std::string_view word, Text style) {
    const float units = style > Text::body ? 18 : 14;
    float size = u(units), gap = u(8);
    Color color = level_color(level);
    symbol({area.x + size / 2, area.y + area.h / 2}, level_shape(level), units, color);
    Rect row = area;
    row.cut_left(size, gap);
    if (style > Text::body && width(style, word) > row.w) style = Text::body;
    return size + gap + text(row, style, color, word);
}

void Ui::bar(const Rect& area, const Bar& bar) {
    if (bar.maximum <= 0 || area.empty()) return;
    auto x_of = [&](double value) {
        double share = std::clamp(value / bar.maximum, 0.0, 1.0);
        return area.x + static_cast<float>(share) * area.w;
    };
    fill(area, token::line);
    double sum = 0;
    for (const BarPart& part : bar.parts) {
        if (!std::isfinite(part.value) || part.value <= 0) continue;
        float from = x_of(sum);
        sum += part.value;
        fill({from, area.y, x_of(sum) - from, area.h}, part.color);
    }
    for (const Bar::Mark& mark : bar.marks) {
        float x = std::min(x_of(mark.value), area.right() - u(2));
        fill({x, area.y, std::max(2.0f, u(2)), area.h}, mark.color);
    }
}

void Ui::camera(const Rect& area, const Camera& camera) {
    Rect b = bounds();
    auto edge = [](float v, float low, float high) { return std::round(std::clamp(v, low, high)); };
    float x0 = edge(area.x, b.x, b.right()), x1 = edge(area.right(), b.x, b.right());
    float y0 = edge(area.y, b.y, b.bottom()), y1 = edge(area.bottom(), b.y, b.bottom());
    if (x1 - x0 < 1 || y1 - y0 < 1 || camera.source.empty() || camera.source.size() > 63) return;
    bw_video_command_t video{};
    video.x = static_cast<int32_t>(x0);
    video.y = static_cast<int32_t>(y0);
    video.width = static_cast<int32_t>(x1 - x0);
    video.height = static_cast<int32_t>(y1 - y0);
    video.fit = static_cast<uint32_t>(camera.fit);
    video.flags = camera.caption ? BW_VIDEO_CAPTION : 0;
    std::memcpy(video.source, camera.source.data(), camera.source.size());
    auto number = static_cast<intptr_t>(frame_.videos.size());
    frame_.videos.push_back(video);
    frame_.list->AddCallback(video_marker, reinterpret_cast<void*>(number));
    if (camera.level != Level::none)
        outline({x0, y0, x1 - x0, y1 - y0}, level_color(camera.level), 3);
}

void Ui::empty(const Rect& area, std::string_view statement, int64_t checked_ns) {
    float height = line(Text::title) + (checked_ns != 0 ? line(Text::caption) : 0);
    Rect rest = area;
    rest.cut_top(std::max(0.0f, (area.h - height) / 2));
    text(rest.cut_top(line(Text::title)), Text::title, token::text2, statement, Align::centre);
    if (checked_ns == 0) return;
    std::string checked =
        chinese() ? "截至 " + clock_text(checked_ns) : "as of " + clock_text(checked_ns);
    text(rest.cut_top(line(Text::caption)), Text::caption, token::text3, checked, Align::centre);
}

}  // namespace bw::sdk
