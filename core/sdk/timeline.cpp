// SPDX-License-Identifier: Apache-2.0
#include "beaconwall/sdk/timeline.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pages.h"
#include "time_axis.h"
#include "timeline_row.h"

namespace bw::sdk {
namespace {

constexpr int64_t kMinute = 60'000'000'000;

class Drawing {
  public:
    Drawing(Ui& ui, const Timeline& timeline)
        : ui_(ui), timeline_(timeline), rows_(ui, scale_, timeline.now_ns) {}
    void draw(Rect area);

  private:
    [[nodiscard]] bool find_range();
    [[nodiscard]] float widest_name() const;
    [[nodiscard]] float edge() const { return ui_.u(5); }
    [[nodiscard]] float least_row() const;
    void rows(Rect area, const Rect& all);
    void named_row(const TimelineRow& row, Rect strip);
    void now(const Rect& strip, const Rect& area);

    Ui& ui_;
    const Timeline& timeline_;
    TimeScale scale_;
    TimelineRows rows_;
    int64_t now_ns_ = 0;        // 0: not on the axis
    bool names_above_ = false;  // too long to stand beside their rows
    bool lanes_ = true;         // for labels, above the bars
};

bool Drawing::find_range() {
    int64_t from = timeline_.from_ns, to = timeline_.to_ns;
    if (to <= from) {
        from = std::numeric_limits<int64_t>::max();
        to = std::numeric_limits<int64_t>::min();
        const auto cover = [&](int64_t time) {
            if (time == 0) return;
            from = std::min(from, time);
            to = std::max(to, time);
        };
        cover(timeline_.now_ns);
        for (const TimelineRow& row : timeline_.rows) {
            for (const TimelineSpan& span : row.spans) cover(span.from_ns), cover(span.to_ns);
            for (const TimelineGap& gap : row.gaps) cover(gap.from_ns), cover(gap.to_ns);
            for (const TimelineMoment& moment : row.moments) cover(moment.time_ns);
        }
        if (from > to) return false;
        // Nothing on the very edge; a single moment has an hour around it.
        const int64_t room = to > from ? (to - from) / 50 : 30 * kMinute;
        from -= room;
        to += room;
    }
    scale_.from = from;
    scale_.to = to;
    if (timeline_.now_ns >= from && timeline_.now_ns <= to) now_ns_ = timeline_.now_ns;
    return true;
}

float Drawing::widest_name() const {
    float widest = 0;
    for (const TimelineRow& row : timeline_.rows)
        widest = std::max(widest, ui_.width(Text::body, row.name) + 1);
    return widest;
}

/// `strip`: where the word stands; without height: nowhere.
void Drawing::now(const Rect& strip, const Rect& area) {
    const float x = std::round(scale_.x(now_ns_));
    ui_.rule({x, area.y - (strip.h > 0 ? ui_.u(2) : 0)}, {x, area.bottom()}, token::text, 2);
    // When it has moved by a pixel, and the clock beside it by a minute.
    const double pixel = double(scale_.to - scale_.from) / double(scale_.area.w) / 1e9;
    const double minute = 60 - double(now_ns_ % kMinute) / 1e9 + 0.05;
    ui_.redraw_in(std::max(1.0, std::min(pixel, minute)));
    if (strip.h <= 0) return;
    const std::string word = std::string(ui_.tr("现在 ", "now ")) + clock_text(now_ns_);
    const float wide = ui_.width(Text::caption, word) + 1;
    const float left = std::clamp(x - wide / 2, strip.x, std::max(strip.x, strip.right() - wide));
    ui_.text(moved_off({left, strip.y, wide, strip.h}, ui_.keepouts()), Text::caption, token::text,
             word);
}

/// A row's height: its name if that stands above, labels, the bar, and air.
float Drawing::least_row() const {
    const float name = names_above_ ? ui_.line(Text::body) : 0;
    return name + (lanes_ ? rows_.lane_height() : 0) + rows_.bar_height() + 2 * edge();
}

void Drawing::rows(Rect area, const Rect& all) {
    const auto fitting = [&](float height) {
        return static_cast<size_t>(std::max(1.0f, std::floor(height / least_row())));
    };
    size_t per_page = fitting(area.h);
    Rect foot;
    if (per_page < timeline_.rows.size()) {
        if (area.h >= least_row() + ui_.line(Text::caption) + ui_.u(2))
            foot = area.cut_bottom(ui_.line(Text::caption), ui_.u(2));
        const size_t most = fitting(area.h), pages = (timeline_.rows.size() + most - 1) / most;
        per_page = (timeline_.rows.size() + pages - 1) / pages;
    }
    per_page = std::min(per_page, timeline_.rows.size());
    const Page page = choose_page(ui_, all, timeline_.rows.size(), per_page);
    // Where there is room, labels stand on up to three lanes.
    const float height = std::min(std::floor(area.h / static_cast<float>(per_page)),
                                  least_row() + 2 * rows_.lane_height());
    for (size_t i = page.first; i < page.end; ++i) {
        const Rect strip = area.cut_top(height);
        ui_.rule({all.x, strip.y}, {all.right(), strip.y}, faded(token::line, 0.6f));
        named_row(timeline_.rows[i],
                  {all.x, strip.y + edge(), all.w, std::max(0.0f, strip.h - 2 * edge())});
    }
    foot.x = all.x;
    write_page(ui_, foot, page);
}

void Drawing::named_row(const TimelineRow& row, Rect strip) {
    const float name = ui_.line(Text::body);
    const float top = names_above_ ? strip.cut_top(name).y : 0;
    const TimelineTrack track = rows_.track_for(row, strip, lanes_);
    const float y = names_above_ ? top : track.bar.centre().y - name / 2;
    const float wide = names_above_ ? strip.w : scale_.area.x - strip.x - ui_.u(8);
    ui_.text(moved_off({strip.x, y, wide, name}, ui_.keepouts()), Text::body, token::text,
             row.name);
    rows_.draw(row, track);
}

/// What there is room for: first the word at "now" goes, then the labels, at last the names that
/// stand above.
void Drawing::draw(Rect area) {
    if (!find_range()) return ui_.empty(area, timeline_.empty);
    const Rect all = area;
    const float caption = ui_.line(Text::caption);
    names_above_ = widest_name() > area.w * 0.3f;
    scale_.area = area;
    if (!names_above_) scale_.area.cut_left(widest_name(), ui_.u(16));
    lanes_ = std::any_of(timeline_.rows.begin(), timeline_.rows.end(),
                         [&](const TimelineRow& row) { return rows_.needs_lane(row); });
    const Rect axis = area.cut_bottom(caption + ui_.u(4));
    Rect strip;
    const float all_rows = least_row() * static_cast<float>(timeline_.rows.size());
    const float lines = area.h < all_rows + caption + ui_.u(2) ? 2 : 1;  // the page's, too
    if (now_ns_ != 0 && area.h >= least_row() + lines * (caption + ui_.u(2)))
        strip = area.cut_top(caption, ui_.u(2));
    if (area.h < least_row()) lanes_ = false;
    if (area.h < least_row() && names_above_) {
        names_above_ = false;
        scale_.area = all;
        scale_.area.cut_left(std::min(widest_name() + ui_.u(8), all.w * 0.4f), ui_.u(8));
    }
    scale_.area.y = area.y;
    scale_.area.h = area.h;
    strip.x = scale_.area.x;
    strip.w = scale_.area.w;
    draw_time_axis(ui_, scale_, axis.y + ui_.u(4));
    rows(area, {all.x, area.y, all.w, area.h});
    if (now_ns_ != 0) now(strip, area);
}

}  // namespace

void Ui::timeline(const Rect& area, const Timeline& timeline) {
    if (area.w < 8 || area.h < 8) return;
    if (timeline.rows.empty()) return empty(area, timeline.empty);
    Drawing(*this, timeline).draw(area);
}

}  // namespace bw::sdk
