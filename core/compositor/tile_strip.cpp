// SPDX-License-Identifier: Apache-2.0
// The wall strip: what it says and what gives way when there is no room.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "core/compositor/tile.h"
#include "core/compositor/tile_marks.h"
#include "core/compositor/words.h"

namespace bw::compositor {

using text::Role;

namespace {

// The band with its word at the right end, and before it which exercise or replay it is, and its
// clock. Returns where that begins.
float say_space(Pen& pen, const StripLook& look, float left, float right) {
    const float centre = centre_y(look.rect), room = (right - left) * 0.4f, whole = right;
    band_stripes(pen, look.rect);
    right = exercise_tag(pen, right, centre, pen.px(24), band_word(look.space.band, look.language),
                         Tag::solid) -
            pen.px(12);
    auto put = [&](uint32_t rgba, const std::string& text) {
        const std::string shown =
            pen.fit(Role::caption, text, std::max(0.0f, room - (whole - right)));
        if (shown.empty()) return;
        right -= pen.width(Role::caption, shown);
        pen.text(Role::caption, right, pen.top_for(Role::caption, centre), rgba, shown);
        right -= pen.px(12);
    };
    put(colour::kText, look.space.clock);
    put(colour::kText, look.space.title);
    return right - pen.px(10);
}

/// A mark, and words; ends at `right`. Where it begins.
float put_marked(Pen& pen, const std::string& words, Freshness mark, float centre, float left,
                 float right, float gap) {
    if (words.empty()) return right;
    const std::string shown = pen.fit(Role::caption, words, (right - left) * 0.5f);
    right -= pen.width(Role::caption, shown);
    pen.text(Role::caption, right, pen.top_for(Role::caption, centre), colour::kText, shown);
    right -= pen.px(24);
    draw_glyph(pen, mark, {right + pen.px(9), centre}, pen.px(17), colour::kText);
    return right - gap;
}

/// A bar in the colour of its level, and words; ends at `right`. Where it begins.
float put_attention(Pen& pen, const StripLook& look, float left, float right, float gap) {
    if (look.attention.empty()) return right;
    const std::string shown = pen.fit(Role::caption, look.attention, (right - left) * 0.5f);
    const float centre = centre_y(look.rect), bar = pen.px(6), height = pen.px(22);
    right -= pen.width(Role::caption, shown);
    pen.text(Role::caption, right, pen.top_for(Role::caption, centre), colour::kText, shown);
    right -= pen.px(10) + bar;
    const float top = centre - height / 2, bottom = centre + height / 2;
    pen.quad({{{right, top}, {right + bar, top}, {right + bar, bottom}, {right, bottom}}},
             colour::level(look.level));
    return right - gap;
}

void fill_strip(Pen& pen, const StripLook& look) {
    const Words& w = words(look.language);
    pen.fill(look.rect, colour::kGround);
    pen.fill({look.rect.x, look.rect.y, look.rect.width, 1}, colour::kLine);
    pen.clip(look.rect);
    float centre = centre_y(look.rect), gap = pen.px(22);
    float left = static_cast<float>(look.rect.x) + pen.px(14);
    float right = right_of(look.rect) - pen.px(14);
    auto put = [&](Role role, uint32_t rgba, const std::string& text, float space) {
        if (text.empty()) return;
        std::string shown = pen.fit(role, text, std::max(0.0f, right - left));
        left += pen.text(role, left, pen.top_for(role, centre), rgba, shown) + space;
    };
    if (look.exercise)
        right = exercise_tag(pen, right, centre, pen.px(22), w.exercise, Tag::solid) - gap;
    if (look.space.band != Band::none) right = say_space(pen, look, left, right);
    // Trouble first takes its room at the right, so that long titles never push it out.
    right = put_marked(pen, look.journal, Freshness::error, centre, left, right, gap);
    right = look.notice.empty()
                ? put_marked(pen, look.trouble, look.worst, centre, left, right, gap)
                : put_marked(pen, look.notice, Freshness::lost, centre, left, right, gap);
    right = put_attention(pen, look, left, right, gap);
    // What is on air stays whole: the date gives way first, then the site.
    auto room_for = [&](const std::string& text, float space) {
        return text.empty() ? 0 : pen.width(Role::caption, text) + space;
    };
    const float rest = right - left - pen.width(Role::body, look.clock) - pen.px(12) -
                       room_for(look.layout, room_for(w.on_air, pen.px(8)));
    const float site = room_for(look.site, gap), date = room_for(look.date, gap);
    put(Role::body, colour::kText, look.clock, pen.px(12));
    if (date + site <= rest) put(Role::caption, colour::kText3, look.date, gap);
    if (site <= rest) put(Role::caption, colour::kText2, look.site, gap);
    if (!look.layout.empty()) {
        put(Role::caption, colour::kText3, w.on_air, pen.px(8));
        put(Role::caption, colour::kText, look.layout, gap);
    }
    for (const std::string& hold : look.holds) {
        if (right - left < pen.px(60)) break;
        const float size = pen.px(15);
        pen.lock_glyph({left + size / 2, centre}, size, colour::kText2);
        left += size + pen.px(6);
        put(Role::caption, colour::kText, hold, gap);
    }
}

}  // namespace

namespace {

bool concerns(const Hold& hold, const config::Wall& wall, const config::Display& display) {
    if (hold.zone.empty() || hold.zone == "wall" || hold.zone == display.name) return true;
    return std::any_of(wall.zones.begin(), wall.zones.end(), [&](const config::Zone& zone) {
        const auto& names = zone.displays;
        return zone.name == hold.zone &&
               std::find(names.begin(), names.end(), display.name) != names.end();
    });
}

}  // namespace

std::vector<std::string> hold_texts(const std::vector<Hold>& holds, const config::Wall& wall,
                                    const config::Display& display) {
    std::vector<std::string> out;
    const Words& w = words(wall.language);
    for (const Hold& hold : holds) {
        if (!concerns(hold, wall, display)) continue;
        const bool whole = hold.zone.empty() || hold.zone == "wall";
        std::string name = hold.title.in(wall.language);
        if (name.empty()) name = whole ? w.whole_wall : hold.zone;
        const std::string until = hold.until_ns == 0 ? std::string(w.until_released)
                                                     : w.until + clock_text(hold.until_ns);
        name += " · ";
        out.push_back(wall.language == "en" ? name + w.held_by + hold.by + ", " + until
                                            : name + hold.by + " " + w.held_by + until);
    }
    return out;
}

namespace {

constexpr int64_t kMinuteNs = 60'000'000'000;

// A replay's always; an exercise's where it plays at another time than the hall's.
bool tells_time(const wall::SceneSpace& space, int64_t hub_wall_ns) {
    return space.kind == wall::SceneSpace::Kind::replay || space.rate != 1 ||
           std::abs(wall::space_time(space, hub_wall_ns) - hub_wall_ns) >= kMinuteNs;
}

}  // namespace

SpaceWords space_words(const std::optional<wall::SceneSpace>& space, int64_t hub_wall_ns,
                       const std::string& language) {
    SpaceWords out;
    if (!space) return out;
    out.band = band_of(space);
    out.title = space->title.in(language);
    if (out.title.empty()) out.title = space->name;
    if (!tells_time(*space, hub_wall_ns)) return out;
    out.clock = moment_text(wall::space_time(*space, hub_wall_ns), language);
    if (space->rate == 0)
        out.clock += std::string(" ") + words(language).replay_over;
    else if (space->rate != 1)
        out.clock += fmt::format(" ×{:g}", space->rate);
    return out;
}

int64_t space_words_hold_ns(const std::optional<wall::SceneSpace>& space, int64_t hub_wall_ns) {
    if (!space || space->rate <= 0 || !tells_time(*space, hub_wall_ns)) return 0;
    const int64_t left = kMinuteNs - wall::space_time(*space, hub_wall_ns) % kMinuteNs;
    return std::max<int64_t>(1, static_cast<int64_t>(static_cast<double>(left) / space->rate));
}

Strip draw_strip(const StripLook& look, const text::Atlas& atlas) {
    Strip out{look, {}};
    {
        Pen pen(atlas, out.list, look.unit_px);
        fill_strip(pen, look);
    }
    return out;
}

}  // namespace bw::compositor
