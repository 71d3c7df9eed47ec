// SPDX-License-Identifier: Apache-2.0
#include "beaconwall/sdk/alarm.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "frame.h"

namespace bw::sdk {
namespace {

constexpr int64_t kMinute = 60'000'000'000;

/// A card's words and the room they take.
class Card {
  public:
    Card(Ui& ui, const AlarmCard& alarm)
        : ui_(ui),
          alarm_(alarm),
          word_(alarm.word.empty() ? level_name(alarm.level, ui.chinese()) : alarm.word) {
        if (word_.empty()) word_ = ui.tr("告警", "alarm");
        age_ = age();
        seen_ = seen(true);
        seen_short_ = seen(false);
    }
    void draw(const Rect& area);

  private:
    [[nodiscard]] std::string age() const;
    [[nodiscard]] std::string seen(bool in_words) const;
    [[nodiscard]] bool asks() const {
        return alarm_.acknowledge && alarm_.seen == AlarmCard::Seen::no;
    }
    [[nodiscard]] std::string_view button_word() const { return ui_.tr("确认", "Acknowledge"); }
    [[nodiscard]] float button_width() const {
        return ui_.width(Text::body, button_word()) + ui_.u(40);
    }
    [[nodiscard]] float pill_width(Text style) const {
        return ui_.u(style > Text::body ? 26 : 22) + ui_.width(style, word_) + 1;
    }
    [[nodiscard]] float grave_width() const {
        return std::max(pill_width(Text::body), ui_.width(Text::caption, age_) + 1);
    }
    [[nodiscard]] float seen_width(Text style) const {
        return ui_.width(style, seen_) + mark_width() + 1;
    }
    [[nodiscard]] float mark_width() const {
        return alarm_.seen == AlarmCard::Seen::yes ? ui_.u(24) : 0;
    }
    void tick(Point at, Color color);
    void button(Rect area);
    Rect cut_button(Rect& area, float most);
    float title(const Rect& area);
    void write_seen(const Rect& area, Text style, Align align);
    void one_line(Rect area);
    void beside(Rect area);
    void narrow(Rect area);
    void whole(Rect area);
    void head(Rect& area);
    void foot(Rect& area);

    Ui& ui_;
    const AlarmCard& alarm_;
    std::string_view word_;
    std::string age_, seen_, seen_short_;
};

std::string Card::age() const {
    if (alarm_.since_ns == 0) return std::string(ui_.tr("起始不详", "start not known"));
    const int64_t age = std::max<int64_t>(0, ui_.now_ns() - alarm_.since_ns);
    ui_.redraw_in(static_cast<double>(kMinute - age % kMinute) / 1e9 + 0.05);
    if (age < kMinute) return std::string(ui_.tr("刚刚发生", "just now"));
    const std::string minutes = minutes_text(age, ui_.chinese());
    return ui_.chinese() ? "已持续 " + minutes : "for " + minutes;
}

/// Not in words: the tick says that it is acknowledged, if there is more to tell.
std::string Card::seen(bool in_words) const {
    if (alarm_.seen == AlarmCard::Seen::no)
        return std::string(ui_.tr("未确认", "not acknowledged"));
    if (alarm_.seen == AlarmCard::Seen::asked)
        return std::string(ui_.tr("正在确认…", "acknowledging…"));
    std::string text;
    const bool bare = alarm_.by.empty() && alarm_.seen_ns == 0;
    if (in_words || bare) text = ui_.tr("已确认", "acknowledged");
    if (!alarm_.by.empty() && in_words) text += ui_.chinese() ? " · " : " by ";
    text += alarm_.by;
    if (alarm_.seen_ns == 0) return text;
    if (!text.empty()) text += ui_.chinese() ? " " : ", ";
    return text + clock_text(alarm_.seen_ns);
}

void Card::tick(Point at, Color color) {
    const float r = ui_.u(6);
    ui_.polyline({at, {at.x + r * 0.8f, at.y + r * 0.8f}, {at.x + r * 2.4f, at.y - r}}, color,
                 2.5f);
}

void Card::button(Rect area) {
    const float height = std::min(area.h, ui_.u(44));
    area.cut_top((area.h - height) / 2);
    area.h = height;
    const bool under = ui_.hovered(area);
    ui_.fill(area, under ? token::line : token::tile);
    ui_.outline(area, under ? token::focus : token::text2, 2);
    if (ui_.width(Text::body, button_word()) + ui_.u(8) <= area.w)
        ui_.text(area, Text::body, token::text, button_word(), Align::centre);
    else
        tick({area.centre().x - ui_.u(7), area.centre().y}, token::text);
    ui_.pressable(area, alarm_.acknowledge);
}

/// A tick and words; who has seen it is quiet, that nobody has is not.
void Card::write_seen(const Rect& area, Text style, Align align) {
    const bool yes = alarm_.seen == AlarmCard::Seen::yes;
    std::string_view text = seen_;
    if (mark_width() + ui_.width(style, text) > area.w) style = Text::caption;
    if (mark_width() + ui_.width(style, text) > area.w) text = seen_short_;
    const float wide = std::min(area.w, mark_width() + ui_.width(style, text) + 1);
    Rect row{align == Align::right ? area.right() - wide : area.x, area.y, wide, area.h};
    if (yes) {
        const Rect mark = row.cut_left(mark_width());
        tick({mark.x + ui_.u(2), mark.centre().y}, token::text2);
    }
    ui_.text(row, style, yes ? token::text2 : token::text, text);
}

/// A button with its word, or where that would take more than `most` of the width, with a tick.
Rect Card::cut_button(Rect& area, float most) {
    const float wide = button_width() <= area.w * most ? button_width() : ui_.u(44);
    return area.cut_right(std::min(area.w / 2, wide), ui_.u(16));
}

/// As large as it fits whole, on lines of much the same length. Returns the height.
float Card::title(const Rect& area) {
    Text style = Text::caption;
    size_t count = 0;
    for (const Text one : {Text::title, Text::body, Text::caption}) {
        style = one;
        count = lines_of(ui_, style, alarm_.title, area.w);
        if (static_cast<float>(count) * ui_.line(style) <= area.h + 0.4f) break;
    }
    Rect lines = area;
    while (lines.w > area.w / 2 && lines_of(ui_, style, alarm_.title, lines.w - ui_.u(8)) == count)
        lines.w -= ui_.u(8);
    return ui_.paragraph(lines, style, token::text, alarm_.title);
}

/// A word, what, and where there is room for how long.
void Card::one_line(Rect area) {
    if (area.h < ui_.line(Text::caption)) return;  // colour alone: better than words over others'
    if (asks()) {
        Rect place = cut_button(area, 0.3f);
        place.cut_top(ui_.u(4));  // off the card's edge
        place.cut_bottom(ui_.u(4));
        button(place);
    } else if (area.w > ui_.u(520)) {
        write_seen(area.cut_right(std::min(area.w / 3, seen_width(Text::caption)), ui_.u(16)),
                   Text::caption, Align::right);
    }
    const Text style = area.h < ui_.line(Text::body) ? Text::caption : Text::body;
    const bool words = pill_width(style) + ui_.u(120) < area.w;
    area.cut_left(ui_.pill(area, alarm_.level, words ? word_ : "", style), ui_.u(words ? 16 : 0));
    const float wide = ui_.width(Text::caption, age_) + 1;
    if (area.w - wide > ui_.u(180))
        ui_.text(area.cut_right(wide, ui_.u(16)), Text::caption, token::text2, age_, Align::right);
    const bool whole = ui_.width(style, alarm_.title) <= area.w;
    ui_.text(area, whole ? style : Text::caption, token::text, alarm_.title);
}

/// Beside each other: how grave and how long; what and where; the button or who has seen it.
void Card::beside(Rect area) {
    const float upper = ui_.line(Text::title), lower = ui_.line(Text::body);
    if (asks()) button(cut_button(area, 0.34f));
    Rect grave = area.cut_left(grave_width(), ui_.u(20));
    grave.cut_top((grave.h - upper - lower) / 2);
    ui_.pill(grave.cut_top(upper), alarm_.level, word_);
    ui_.text(grave.cut_top(lower), Text::caption, token::text2, age_);
    if (!asks() && seen_width(Text::caption) + ui_.u(260) < area.w) {
        Rect seen = area.cut_right(seen_width(Text::caption), ui_.u(20));
        write_seen(seen, Text::caption, Align::right);
    }
    // Drawn from the top; what is left over stands above and below.
    const bool one = ui_.width(Text::title, alarm_.title) <= area.w;
    const float lines = one ? upper
                            : ui_.line(Text::body) * static_cast<float>(lines_of(
                                                         ui_, Text::body, alarm_.title, area.w));
    area.cut_top(std::max(0.0f, (area.h - lines - lower) / 2));
    Rect what = area;
    if (!alarm_.place.empty()) what.h -= lower;
    const float high = title(what);
    ui_.text({area.x, area.y + high, area.w, lower}, Text::body, token::text2, alarm_.place);
}

/// How grave, and below it what; then what else there is room for: how long, who, where.
void Card::narrow(Rect area) {
    if (asks()) button(cut_button(area, 0.3f));
    const float line = ui_.line(Text::body), small = ui_.line(Text::caption);
    const Text style = pill_width(Text::body) <= area.w ? Text::body : Text::caption;
    const float aged = ui_.width(Text::caption, age_) + 1;
    const bool beside = pill_width(style) + ui_.u(14) + aged <= area.w;
    std::vector<std::string> more;
    if (!beside && aged <= area.w) more.push_back(age_);
    if (!asks() && ui_.width(Text::caption, seen_) <= area.w) more.push_back(seen_);
    if (ui_.width(Text::caption, alarm_.place) <= area.w && !alarm_.place.empty())
        more.emplace_back(alarm_.place);
    const auto lines = static_cast<float>(lines_of(ui_, Text::body, alarm_.title, area.w));
    const float what = std::min(area.h - line, lines * line);
    const float room = std::max(0.0f, std::floor((area.h - line - what + 0.4f) / small));
    more.resize(std::min(more.size(), static_cast<size_t>(room)));
    const float used = line + what + small * static_cast<float>(more.size());
    area.cut_top((area.h - used) / 2);
    Rect row = area.cut_top(line);
    ui_.pill(row, alarm_.level, word_, style);
    if (beside) ui_.text(row, Text::caption, token::text2, age_, Align::right);
    area.cut_top(title({area.x, area.y, area.w, what}));
    for (const std::string& text : more)
        ui_.text(area.cut_top(small), Text::caption, token::text2, text);
}

void Card::head(Rect& area) {
    const bool one = pill_width(Text::title) + ui_.u(16) + ui_.width(Text::body, age_) < area.w;
    Rect row = area.cut_top(ui_.line(Text::title), ui_.u(6));
    row.cut_left(ui_.pill(row, alarm_.level, word_, Text::title));
    if (!one) row = area.cut_top(ui_.line(Text::body), ui_.u(6));
    ui_.text(row, Text::body, token::text2, age_, one ? Align::right : Align::left);
}

void Card::foot(Rect& area) {
    if (!asks())
        return write_seen(area.cut_bottom(ui_.line(Text::body), ui_.u(8)), Text::body, Align::left);
    const bool beside = seen_width(Text::body) + ui_.u(20) + button_width() < area.w;
    Rect row = area.cut_bottom(ui_.u(44), ui_.u(8));
    button(beside ? row.cut_right(button_width(), ui_.u(20)) : row);
    if (beside) write_seen(row, Text::body, Align::left);
}

void Card::whole(Rect area) {
    head(area);
    foot(area);
    const float where = ui_.line(Text::body);
    const bool place = !alarm_.place.empty() && area.h >= ui_.line(Text::title) + where;
    if (place) area.h -= where;
    const float high = title(area);
    if (place)
        ui_.text({area.x, area.y + high, area.w, where}, Text::body, token::text2, alarm_.place);
}

void Card::draw(const Rect& area) {
    const bool open = alarm_.seen != AlarmCard::Seen::yes;
    ui_.fill(area, token::raised);
    const Color color = level_color(alarm_.level);
    ui_.outline(area, open ? color : token::line, open ? 2 : 1);
    Rect bar = area;
    ui_.fill(bar.cut_left(ui_.u(8)), color);
    Rect inner = ui_.clear(bar);
    inner.cut_left(ui_.u(14));
    inner.cut_right(ui_.u(14));
    const float upper = ui_.line(Text::title), lower = ui_.line(Text::body);
    const bool broken =
        pill_width(Text::title) + ui_.u(16) + ui_.width(Text::body, age_) >= inner.w;
    const float least = upper + ui_.u(6) + (broken ? lower + ui_.u(6) : 0) + upper + ui_.u(8) +
                        (asks() ? ui_.u(44) : lower) + ui_.u(20);
    if (inner.h < upper + lower + ui_.u(8)) return one_line(inner);
    inner.cut_top(ui_.u(3));
    inner.cut_bottom(ui_.u(3));
    if (inner.h + ui_.u(6) < least)
        return grave_width() + ui_.u(260) + (asks() ? button_width() : 0) < inner.w ? beside(inner)
                                                                                    : narrow(inner);
    inner.cut_top(ui_.u(7));
    inner.cut_bottom(ui_.u(7));
    whole(inner);
}

}  // namespace

void Ui::alarm(const Rect& area, const AlarmCard& alarm) {
    if (area.w < 8 || area.h < 8) return;
    Card(*this, alarm).draw(area);
}

}  // namespace bw::sdk
