// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/screens.h"

#include <algorithm>
#include <utility>

#include "core/base/clock.h"
#include "core/compositor/words.h"

namespace bw::compositor {

using wall::RectPx;

namespace {

constexpr uint64_t kWholePanel = 1u << 30;

uint64_t pixels_of(const Canvas& canvas) {
    return static_cast<uint64_t>(canvas.width) * static_cast<uint64_t>(canvas.height);
}

}  // namespace

Screens::Screens(const WallContext& context, Backend& backend, Painter& painter)
    : context_(context),
      backend_(backend),
      painter_(painter),
      transition_(context.wall),
      ahead_(context, painter) {
    canvases_ = make_canvases();
    for (const Canvas& canvas : canvases_) {
        damage_.emplace_back(canvas.width, canvas.height);
        painter_.clear(canvas);
    }
    strips_.resize(canvases_.size());
    for (auto* counts : {&drawn_, &written_, &changed_}) counts->resize(canvases_.size());
    damage_all();
}

void Screens::set_wall(const config::Wall& before) {
    transition_.end();
    ahead_.reset();
    std::vector<Canvas> canvases;
    std::vector<uint64_t> drawn, written, changed;
    damage_.clear();
    for (const config::Display& d : context_.wall.displays) {
        size_t old = 0;
        const auto same = [&d](const config::Display& was) {
            return was.name == d.name && was.width_px == d.width_px && was.height_px == d.height_px;
        };
        while (old < before.displays.size() && !same(before.displays[old])) ++old;
        const bool stays = old < canvases_.size();
        if (stays) {
            canvases.push_back(std::move(canvases_[old]));
        } else {
            canvases.push_back(
                painter_.make_canvas(static_cast<int>(d.width_px), static_cast<int>(d.height_px)));
            painter_.clear(canvases.back());
        }
        drawn.push_back(stays ? drawn_[old] : 0);
        written.push_back(stays ? written_[old] : 0);
        changed.push_back(stays ? changed_[old] : 0);
        damage_.emplace_back(canvases.back().width, canvases.back().height);
    }
    canvases_ = std::move(canvases);
    drawn_ = std::move(drawn);
    written_ = std::move(written);
    changed_ = std::move(changed);
    strips_.assign(canvases_.size(), {});
    said_.reset();
    damage_all();
}

std::vector<Canvas> Screens::make_canvases() const {
    std::vector<Canvas> out;
    for (const config::Display& d : context_.wall.displays)
        out.push_back(
            painter_.make_canvas(static_cast<int>(d.width_px), static_cast<int>(d.height_px)));
    return out;
}

void Screens::damage_all() {
    for (Damage& damage : damage_) damage.add_all();
}

void Screens::damage(const std::vector<Dirty>& dirty) {
    for (const Dirty& part : dirty) damage_[part.display].add(part.rect);
}

/// Of one display; an empty rect: the wall goes on below, it has none.
StripLook Screens::strip_look(size_t display, const StripWords& words, int64_t wall_time_ns) const {
    const config::Wall& wall = context_.wall;
    StripLook look;
    wall::RectMm place = wall::strip(wall, wall.displays[display]);
    look.rect = wall::on_display(place, wall.displays[display]);
    if (look.rect.empty()) return look;
    look.unit_px = wall::unit_scale(place, wall);
    look.language = wall.language;
    look.clock = clock_text(wall_time_ns);
    look.date = date_text(wall_time_ns, wall.language);
    look.site = wall.title.in(wall.language);
    look.layout = words.layout;
    look.trouble = words.trouble;
    look.notice = words.notice;
    look.journal = words.journal;
    look.worst = words.worst;
    look.space = words.space;
    look.exercise = wall.exercise && words.space.band == Band::none;
    look.attention = words.attention;
    look.level = words.level;
    look.holds = hold_texts(words.holds, wall, wall.displays[display]);
    return look;
}

void Screens::say(const StripWords& words, int64_t wall_time_ns) {
    const int64_t minute = wall_time_ns / (60 * base::kSecond);
    if (said_ == words && said_minute_ == minute) return;
    said_ = words;
    said_minute_ = minute;
    for (size_t i = 0; i < strips_.size(); ++i) {
        const StripLook look = strip_look(i, words, wall_time_ns);
        if (look.rect.empty() || look == strips_[i].look) continue;
        strips_[i] = draw_strip(look, *context_.atlas);
        damage_[i].add(look.rect);
    }
}

bool Screens::damaged() const {
    return in_transition() || whole_ ||
           std::any_of(damage_.begin(), damage_.end(), [](const Damage& d) { return !d.empty(); });
}

void Screens::change_scene(const Stage& stage) {
    whole_ = ahead_.exchange(stage, canvases_, damage_);
    if (!whole_) return damage_all();
    // Its strips were drawn with the words of then.
    for (size_t i = 0; i < strips_.size(); ++i) damage_[i].add(strips_[i].look.rect);
}

void Screens::begin_transition(TransitionPlan plan) {
    std::vector<Canvas> before =
        whole_ ? ahead_.release() : std::exchange(canvases_, make_canvases());
    std::vector<Canvas> third = ahead_.release_third();
    if (third.size() != before.size()) third = make_canvases();
    transition_.begin(std::move(plan), std::move(before), std::move(third));
    if (!whole_) damage_all();
}

void Screens::attend_outputs() {
    for (const size_t display : backend_.stale_displays())
        if (display < damage_.size()) damage_[display].add_all();
    for (const Backend::Page& page : backend_.stale_pages()) {
        const Canvas canvas = painter_.make_canvas(page.look.width, page.look.height);
        const RectPx whole{0, 0, canvas.width, canvas.height};
        make_plan(plan_, nullptr, 0, {&whole, 1}, draw_identify(page.look, *context_.atlas));
        painter_.paint(canvas, plan_);
        backend_.show_page(page.output, canvas);
    }
}

void Screens::draw(const Stage* stage, int64_t seen_ns) {
    while (stage != nullptr &&
           painter_.prepare_some(*stage, Painter::Lacking::all, kWholePanel, written_))
        progress_();
    for (size_t i = 0; i < canvases_.size(); ++i) {
        progress_();
        if (damage_[i].empty() && !redraw_all_ && !whole_) continue;
        changed_[i] += whole_ ? pixels_of(canvases_[i]) : damage_[i].changed();
        if (redraw_all_) damage_[i].add_all();
        make_plan(plan_, stage, i, damage_[i].rects(), strips_[i]);
        painter_.paint(canvases_[i], plan_);
        written_[i] += plan_.pixels;
        ++drawn_[i];
    }
    if (std::exchange(whole_, false)) damage_all();
    ++frame_id_;
    if (transition_.running())
        show_step(seen_ns);
    else
        backend_.present(canvases_, damage_);
    for (Damage& damage : damage_) damage.clear();
}

// While one scene becomes another, the canvases are its ingredients.
void Screens::show_step(int64_t seen_ns) {
    std::vector<Damage> drawn;
    for (const Canvas& canvas : canvases_) drawn.emplace_back(canvas.width, canvas.height);
    if (transition_.step(canvases_, damage_, seen_ns, drawn)) {
        for (size_t i = 0; i < drawn.size(); ++i) {
            if (damage_[i].empty() && !drawn[i].empty()) ++drawn_[i];
            written_[i] += drawn[i].changed();
            changed_[i] += drawn[i].changed();
        }
        return backend_.present(transition_.shown(), drawn);
    }
    for (Damage& all : drawn) all.add_all();
    backend_.present(canvases_, drawn);
}

std::vector<Canvas> Screens::draw_apart(const Stage& stage, const StripWords& words,
                                        int64_t wall_time_ns) const {
    std::vector<Strip> strips(strips_.size());
    for (size_t i = 0; i < strips.size(); ++i) {
        const StripLook look = strip_look(i, words, wall_time_ns);
        if (!look.rect.empty()) strips[i] = draw_strip(look, *context_.atlas);
    }
    return draw_apart(stage, strips);
}

std::vector<Canvas> Screens::draw_apart(const Stage& stage,
                                        const std::vector<Strip>& strips) const {
    std::vector<uint64_t> uncounted(canvases_.size());
    painter_.prepare(stage, uncounted);
    std::vector<Canvas> out = make_canvases();
    Plan plan;
    for (size_t i = 0; i < out.size(); ++i) {
        const RectPx whole{0, 0, out[i].width, out[i].height};
        make_plan(plan, &stage, i, {&whole, 1}, strips[i]);
        painter_.paint(out[i], plan);
    }
    return out;
}

Pixels Screens::read(const Canvas& canvas, const RectPx& rect) const {
    return painter_.read(canvas, rect);
}

Pixels Screens::read_display(size_t display) const {
    const Canvas& canvas = canvases()[display];
    return read(canvas, {0, 0, canvas.width, canvas.height});
}

Pixels Screens::read_wall(const std::vector<Canvas>& canvases) const {
    WallView view = wall_view(context_.wall, {16384, 16384});
    Canvas whole = painter_.make_canvas(view.size.width, view.size.height);
    painter_.clear(whole);
    for (size_t i = 0; i < canvases.size(); ++i) painter_.copy(canvases[i], whole, view.places[i]);
    return read(whole, {0, 0, whole.width, whole.height});
}

Pixels Screens::read_wall() const {
    return read_wall(canvases());
}

void Screens::add_reports(std::vector<DisplayReport>& out) const {
    for (size_t i = 0; i < canvases_.size(); ++i) {
        const config::Display& d = context_.wall.displays[i];
        DisplayReport report;
        report.name = d.name;
        report.width_px = d.width_px;
        report.height_px = d.height_px;
        report.renderer = painter_.renderer();
        report.software = painter_.software();
        report.pictures = painter_.pictures();
        report.frames_drawn = drawn_[i];
        report.pixels_written = written_[i];
        report.pixels_changed = changed_[i];
        report.refresh_hz = context_.wall.refresh_hz;
        report.last_take = last_take_;
        report.output = backend_.output_of(i);
        out.push_back(std::move(report));
    }
}

}  // namespace bw::compositor
