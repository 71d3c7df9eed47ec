// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/identify.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/compositor/pen.h"

namespace bw::compositor {

using text::Role;

namespace {

constexpr size_t kMostMissing = 6;
constexpr float kHeading = 3;  // the connector's size against a title's

struct Line {
    Role role;
    uint32_t rgba;
    std::string text;
    double space_above = 0;  // units
};

std::string named(const config::Display& display) {
    const std::string wish = wish_words(display.output);
    return wish.empty() ? display.name : fmt::format("{} ({})", display.name, wish);
}

std::vector<Line> lines_of(const IdentifyLook& look) {
    const auto strong = colour::kText, calm = colour::kText2, faint = colour::kText3;
    std::vector<Line> out;
    if (look.identity.empty()) {
        out.push_back({Role::title, calm, "显示器没有报告身份（EDID）"});
        out.push_back({Role::body, faint, "the monitor tells no identity (EDID)"});
    } else {
        out.push_back({Role::title, strong, look.identity});
    }
    out.push_back({Role::body, calm, look.mode});
    if (look.expected.empty()) {
        out.push_back({Role::title, strong, "wall.toml 中没有屏幕指定这个输出", 22});
        out.push_back({Role::body, faint, "no display of wall.toml names this output"});
    } else {
        out.push_back({Role::title, strong, "这里应接：" + look.expected, 22});
        out.push_back({Role::body, faint, "expected here: " + look.expected});
    }
    if (!look.missing.empty())
        out.push_back({Role::body, calm, "未找到的屏幕 / displays not found", 16});
    for (size_t i = 0; i < std::min(look.missing.size(), kMostMissing); ++i)
        out.push_back({Role::body, strong, look.missing[i]});
    if (look.missing.size() > kMostMissing)
        out.push_back({Role::body, faint, fmt::format("+ {}", look.missing.size() - kMostMissing)});
    out.push_back({Role::caption, faint, "beaconwall doctor --displays  →  wall.toml", 16});
    return out;
}

// The connector alone, three titles high, above the lines. Returns where the lines begin.
float draw_heading(const IdentifyLook& look, const std::vector<Line>& lines,
                   const text::Atlas& atlas, Strip& out, double unit_px) {
    Pen pen(atlas, out.list, unit_px * kHeading);
    pen.fill(out.look.rect, colour::kGround);
    pen.frame(out.look.rect, std::max(2, static_cast<int>(pen.px(1))), colour::kText3);
    float height = pen.line_height(Role::title);
    for (const Line& line : lines)
        height += (pen.line_height(line.role) + pen.px(line.space_above)) / kHeading;
    const float y = std::max(pen.px(2), (static_cast<float>(look.height) - height) / 2);
    const float room = static_cast<float>(look.width) - pen.px(20);
    const std::string shown = pen.fit(Role::title, look.connector, std::max(room, 1.0f));
    const float x = (static_cast<float>(look.width) - pen.width(Role::title, shown)) / 2;
    pen.text(Role::title, x, y, colour::kText, shown);
    return y + pen.line_height(Role::title);
}

}  // namespace

std::string wish_words(const config::Output& wish) {
    std::string out = wall::identity_words(wish.maker, wish.model, wish.serial);
    if (wish.connector.empty()) return out;
    return out.empty() ? wish.connector : out + " · " + wish.connector;
}

IdentifyLook identify_look(const wall::PluggedOutput& output,
                           const std::vector<config::Display>& displays,
                           const wall::Binding& binding, size_t index) {
    IdentifyLook look;
    look.width = output.width;
    look.height = output.height;
    look.connector = output.connector;
    if (output.edid)
        look.identity =
            wall::identity_words(output.edid->maker, output.edid->model(), output.edid->serial());
    look.mode = fmt::format("{} x {}, {:.4g} Hz", output.width, output.height, output.refresh_hz);
    if (binding.expected_at[index]) look.expected = named(displays[*binding.expected_at[index]]);
    for (size_t i = 0; i < displays.size(); ++i)
        if (!binding.output_of[i]) look.missing.push_back(named(displays[i]));
    return look;
}

Strip draw_identify(const IdentifyLook& look, const text::Atlas& atlas) {
    Strip out;
    out.look.rect = {0, 0, look.width, look.height};
    // As large as the page allows: it is read from the floor while somebody holds a cable.
    const double unit_px = std::max(0.5, std::min(look.height / 540.0, look.width / 720.0));
    const std::vector<Line> lines = lines_of(look);
    float y = draw_heading(look, lines, atlas, out, unit_px);
    // One clip for the whole page: it covers what the heading's pen drew, too.
    Pen pen(atlas, out.list, unit_px);
    const float room = static_cast<float>(look.width) - pen.px(60);
    for (const Line& line : lines) {
        const std::string shown = pen.fit(line.role, line.text, std::max(room, 1.0f));
        const float x = (static_cast<float>(look.width) - pen.width(line.role, shown)) / 2;
        y += pen.px(line.space_above);
        pen.text(line.role, x, y, line.rgba, shown);
        y += pen.line_height(line.role);
    }
    return out;
}

}  // namespace bw::compositor
