// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/ahead.h"

#include <algorithm>

#include "core/compositor/geometry.h"

namespace bw::compositor {

using wall::RectPx;
using Lacking = Painter::Lacking;

namespace {

// Some milliseconds of a software renderer: shading text costs it far more than copying does.
constexpr uint64_t kPanelPixels = 200'000;
constexpr int kDisplayPixels = 400'000;

}  // namespace

void Ahead::aim(const Stage* stage) {
    const uint64_t serial = stage == nullptr ? 0 : stage->serial();
    if (serial == serial_) return;
    stage_ = stage;
    serial_ = serial;
    bands_.clear();
    damage_.clear();
    if (stage != nullptr) begin();
}

void Ahead::begin() {
    for (size_t i = 0; i < context_.wall.displays.size(); ++i) {
        const config::Display& d = context_.wall.displays[i];
        const int width = static_cast<int>(d.width_px), height = static_cast<int>(d.height_px);
        damage_.emplace_back(width, height);
        const int rows = std::max(16, kDisplayPixels / std::max(width, 1));
        for (int y = 0; y < height; y += rows)
            bands_.push_back({i, {0, y, width, std::min(rows, height - y)}});
    }
}

bool Ahead::lacks_canvas() const {
    const size_t displays = context_.wall.displays.size();
    const bool cut = stage_->scene().transition.kind == config::Transition::Kind::cut;
    return canvases_.size() < displays || (!cut && third_.size() < displays);
}

// One a step: a software renderer clears the memory of each.
void Ahead::make_canvas() {
    std::vector<Canvas>& lacking =
        canvases_.size() < context_.wall.displays.size() ? canvases_ : third_;
    const config::Display& d = context_.wall.displays[lacking.size()];
    lacking.push_back(
        painter_.make_canvas(static_cast<int>(d.width_px), static_cast<int>(d.height_px)));
}

void Ahead::damage(const std::vector<Dirty>& dirty) {
    if (stage_ == nullptr) return;
    for (const Dirty& part : dirty) {
        std::vector<RectPx> to_come;  // will be drawn as it is by then
        for (const Band& band : bands_)
            if (band.display == part.display) to_come.push_back(band.rect);
        for (const RectPx& stale : uncovered(part.rect, to_come)) damage_[part.display].add(stale);
    }
}

bool Ahead::wants() const {
    if (stage_ == nullptr) return false;
    if (lacks_canvas() || Painter::lacks(*stage_, Lacking::all)) return true;
    return !bands_.empty() && stage_->ready();
}

void Ahead::step(const std::vector<Strip>& strips, std::vector<uint64_t>& written) {
    if (lacks_canvas()) return make_canvas();
    if (!painter_.prepare_some(*stage_, Lacking::first, kPanelPixels, written)) {
        if (!bands_.empty() && stage_->ready())
            draw_band(strips, written);
        else
            (void)painter_.prepare_some(*stage_, Lacking::all, kPanelPixels, written);
    }
    painter_.finish();
}

void Ahead::draw_band(const std::vector<Strip>& strips, std::vector<uint64_t>& written) {
    const Band band = bands_.back();
    bands_.pop_back();
    make_plan(plan_, stage_, band.display, {&band.rect, 1}, strips[band.display]);
    painter_.paint(canvases_[band.display], plan_);
    written[band.display] += plan_.pixels;
}

bool Ahead::exchange(const Stage& stage, std::vector<Canvas>& canvases,
                     std::vector<Damage>& damage) {
    const bool begun = serial_ == stage.serial() && canvases_.size() == canvases.size();
    if (begun) {
        std::swap(canvases, canvases_);
        damage = std::move(damage_);
        for (const Band& band : bands_) damage[band.display].add(band.rect);
    }
    stage_ = nullptr;
    serial_ = 0;
    bands_.clear();
    damage_.clear();
    return begun;
}

void Ahead::reset() {
    stage_ = nullptr;
    serial_ = 0;
    bands_.clear();
    damage_.clear();
    canvases_.clear();
    third_.clear();
}

}  // namespace bw::compositor
