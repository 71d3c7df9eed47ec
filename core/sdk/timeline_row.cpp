// SPDX-License-Identifier: Apache-2.0
#include "timeline_row.h"

#include <algorithm>
#include <cmath>

#include "frame.h"

namespace bw::sdk {
namespace {

constexpr float kMark = 14;  // units

}  // namespace

/// The part that is on the axis; without width: none of it is.
Rect TimelineRows::place_of(int64_t from, int64_t to, const Rect& bar) const {
    from = std::max(from, scale_.from);
    to = std::min(to, scale_.to);
    if (to < from) return {};
    const float x = scale_.x(from);
    return {x, bar.y, std::max(ui_.u(3), scale_.x(to) - x), bar.h};
}

/// Where a span's label stands in it, with the room for its level's shape; empty: it does not fit,
/// or "now" would go through it on both sides.
Rect TimelineRows::label_in(const TimelineSpan& span, const Rect& bar) const {
    Rect inner = place_of(span.from_ns, end_of(span.to_ns), bar);
    inner.cut_left(ui_.u(10));
    inner.cut_right(ui_.u(6));
    const float mark = span.level == Level::none ? 0 : ui_.u(kMark + 6);
    const float wide = mark + ui_.width(Text::caption, span.label) + 1;
    const float now = now_ns_ != 0 ? scale_.x(now_ns_) : bar.x - 1e6f;
    for (const float left : {inner.x, now + ui_.u(8)}) {
        const Rect label = moved_off({left, inner.y, wide, inner.h}, ui_.keepouts());
        if (label.x < inner.x || label.right() > inner.right()) continue;
        if (label.x < now + ui_.u(3) && label.right() > now - ui_.u(3)) continue;
        if (std::fabs(label.y - inner.y) < 1) return label;
    }
    return {};
}

bool TimelineRows::needs_lane(const TimelineRow& row) const {
    const Rect bar{scale_.area.x, 0, scale_.area.w, bar_height()};
    return !row.moments.empty() ||
           std::any_of(row.spans.begin(), row.spans.end(), [&](const TimelineSpan& span) {
               return !span.label.empty() && label_in(span, bar).empty();
           });
}

TimelineTrack TimelineRows::track(Rect strip, size_t lanes) const {
    TimelineTrack track;
    strip.cut_bottom((strip.h - bar_height() - lane_height() * static_cast<float>(lanes)) / 2);
    track.bar = strip.cut_bottom(bar_height());
    track.bar.x = scale_.area.x;
    track.bar.w = scale_.area.w;
    for (size_t i = 0; i < lanes; ++i) {
        const Rect lane = strip.cut_bottom(lane_height());
        track.lanes.push_back({scale_.area.x, lane.y, scale_.area.w, lane.h});
    }
    return track;
}

/// As few lanes as leave out the least.
TimelineTrack TimelineRows::track_for(const TimelineRow& row, const Rect& strip, bool lanes) const {
    if (!lanes) return track(strip, 0);
    const float room = (strip.h - bar_height()) / lane_height();
    const auto most = static_cast<size_t>(std::clamp(std::floor(room), 1.0f, 4.0f));
    TimelineTrack best = track(strip, 1);
    size_t least = plan(row, best).omitted;
    for (size_t count = 2; count <= most && least > 0; ++count) {
        TimelineTrack more = track(strip, count);
        const size_t omitted = plan(row, more).omitted;
        if (omitted < least) best = std::move(more);
        least = std::min(least, omitted);
    }
    return best;
}

/// Moments, and levels whose spans are too short for their labels.
std::vector<TimelineRows::Mark> TimelineRows::marks(const TimelineRow& row, const Plan& plan,
                                                    const TimelineTrack& track) const {
    std::vector<Mark> marks;
    const auto add = [&](int64_t time, Level level, std::string_view label) {
        const float x = std::round(scale_.x(time));
        marks.push_back({x, x, level, label});
    };
    for (const TimelineMoment& moment : row.moments)
        if (moment.time_ns >= scale_.from && moment.time_ns <= scale_.to)
            add(moment.time_ns, moment.level, moment.label);
    for (size_t i = 0; i < row.spans.size(); ++i) {
        const TimelineSpan& span = row.spans[i];
        const int64_t from = std::max(span.from_ns, scale_.from);
        const int64_t to = std::min(end_of(span.to_ns), scale_.to);
        if (!plan.inside[i] && span.level != Level::none && from <= to)
            add(from + (to - from) / 2, span.level, span.label);
    }
    return track.lanes.empty() ? gravest(std::move(marks)) : spread(std::move(marks), track.bar);
}

/// In order of time, each beside the one before; all within the row.
std::vector<TimelineRows::Mark> TimelineRows::spread(std::vector<Mark> marks,
                                                     const Rect& bar) const {
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Mark& a, const Mark& b) { return a.exact < b.exact; });
    const float apart = ui_.u(kMark + 4), r = ui_.u(kMark) / 2;
    float next = bar.x + r;
    for (Mark& mark : marks) next = (mark.x = std::max(mark.x, next)) + apart;
    float limit = bar.right() - r;
    for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark)
        limit = (mark->x = std::min(mark->x, limit)) - apart;
    return marks;
}

/// Without a lane no line says where a mark that was moved belongs: of those that are too close
/// the gravest stays, of equals the newest.
std::vector<TimelineRows::Mark> TimelineRows::gravest(std::vector<Mark> marks) const {
    std::stable_sort(marks.begin(), marks.end(), weightier);
    std::vector<Mark> kept;
    for (const Mark& mark : marks)
        if (std::none_of(kept.begin(), kept.end(), [&](const Mark& other) {
                return std::fabs(other.exact - mark.exact) < ui_.u(kMark + 4);
            }))
            kept.push_back(mark);
    return kept;
}

/// What stands where. The gravest mark has its label first, of equals the newest.
TimelineRows::Plan TimelineRows::plan(const TimelineRow& row, const TimelineTrack& track) const {
    Plan plan;
    for (const TimelineSpan& span : row.spans)
        plan.inside.push_back(!label_in(span, track.bar).empty());
    plan.marks = marks(row, plan, track);
    TimelineLabels labels(ui_, track.lanes);
    if (now_ns_ != 0) labels.keep_free(scale_.x(now_ns_));
    const float r = ui_.u(kMark) / 2;
    std::vector<const Mark*> by_weight;
    for (const Mark& mark : plan.marks) {
        labels.take_mark(mark.x, r);
        by_weight.push_back(&mark);
    }
    std::stable_sort(by_weight.begin(), by_weight.end(),
                     [](const Mark* a, const Mark* b) { return weightier(*a, *b); });
    for (const Mark* mark : by_weight) labels.put_at_mark(mark->label, mark->x, r);
    for (size_t i = 0; i < row.spans.size(); ++i) {
        const Rect place = place_of(row.spans[i].from_ns, end_of(row.spans[i].to_ns), track.bar);
        if (!plan.inside[i] && row.spans[i].level == Level::none && !place.empty())
            labels.put_above(row.spans[i].label, place.x, place.right());
    }
    plan.labels = labels.labels();
    plan.omitted = labels.omitted();
    return plan;
}

/// Hatched, as all that is not known; with the word where it fits.
void TimelineRows::gap(const TimelineGap& gap, const Rect& bar) {
    const Rect place = place_of(gap.from_ns, end_of(gap.to_ns), bar);
    if (place.empty()) return;
    ui_.fill(place, token::tile);
    ui_.clipped(place, [&] {
        const float step = std::max(6.0f, ui_.u(9));
        for (float x = place.x - place.h; x < place.right(); x += step)
            ui_.polyline({{x, place.bottom()}, {x + place.h, place.y}}, faded(token::text3, 0.55f),
                         1.5f);
    });
    const std::string_view word = ui_.tr("无数据", "no data");
    const float wide = ui_.width(Text::caption, word) + ui_.u(12);
    const Rect label = moved_off({place.centre().x - wide / 2, bar.y, wide, bar.h}, ui_.keepouts());
    if (label.x < place.x || label.right() > place.right()) return;
    ui_.fill(label, token::tile);
    ui_.text(label, Text::caption, token::text2, word, Align::centre);
}

void TimelineRows::span(const TimelineSpan& span, const Rect& bar, bool inside) {
    const Rect place = place_of(span.from_ns, end_of(span.to_ns), bar);
    if (place.empty()) return;
    const Color color = level_color(span.level, token::series[1]);
    if (span.planned) {
        const Rect in = place.inset(ui_.u(1));
        ui_.polyline({{in.x, in.y},
                      {in.right(), in.y},
                      {in.right(), in.bottom()},
                      {in.x, in.bottom()},
                      {in.x, in.y}},
                     color, 1.5f, true);
    } else {
        ui_.fill(place, faded(color, 0.3f));
        ui_.outline(place, color, 1);
        Rect edge = place;
        if (span.from_ns >= scale_.from) ui_.fill(edge.cut_left(ui_.u(4)), color);
    }
    if (!inside) return;
    Rect label = label_in(span, bar);
    if (span.level != Level::none) {
        const Rect mark = label.cut_left(ui_.u(kMark), ui_.u(6));
        ui_.symbol(mark.centre(), level_shape(span.level), kMark, color);
    }
    ui_.text(label, Text::caption, token::text, span.label);
}

void TimelineRows::draw(const TimelineRow& row, const TimelineTrack& track) {
    const Plan plan = this->plan(row, track);
    const float middle = std::round(track.bar.centre().y), r = ui_.u(kMark) / 2;
    ui_.rule({track.bar.x, middle}, {track.bar.right(), middle}, token::line);
    for (const TimelineGap& gap : row.gaps) this->gap(gap, track.bar);
    // Without lanes the marks stand on the bars, in the labels' place.
    const bool bare = track.lanes.empty() && !plan.marks.empty();
    for (size_t i = 0; i < row.spans.size(); ++i)
        span(row.spans[i], track.bar, plan.inside[i] && !bare);
    const float y = track.lanes.empty() ? middle : track.lanes[0].centre().y;
    for (const TimelineLabel& label : plan.labels)
        if (label.leader_x != 0)
            ui_.rule({label.leader_x, label.place.y}, {label.leader_x, y - r}, token::text3);
    for (const Mark& mark : plan.marks) {
        const Color color = level_color(mark.level, token::text);
        if (!track.lanes.empty())
            ui_.polyline({{mark.x, y + r}, {mark.exact, track.bar.y}}, color, 1.5f);
        ui_.symbol({mark.x, y}, level_shape(mark.level), kMark, color);
    }
    for (const TimelineLabel& label : plan.labels)
        ui_.text(label.place, Text::caption, token::text2, label.text);
}

}  // namespace bw::sdk
