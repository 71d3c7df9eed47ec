// SPDX-License-Identifier: Apache-2.0
// The site changes while the wall runs. What is on air is made for the new wall beside what is
// shown; when it has its pictures, or after a second, both change in one frame.
#include <algorithm>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/compositor/app.h"
#include "core/compositor/words.h"

namespace bw::compositor {

namespace {

constexpr int64_t kPatienceNs = base::kSecond;

}  // namespace

// A last value: it comes again with each greeting, then nothing is different.
void App::on_site(const std::string& digest) {
    if (digest == site_digest_) return;
    site_digest_ = digest;
    site_reader_->read();
}

void App::read_changed_site() {
    auto site = site_reader_->take();
    if (!site) return;
    if (!site->ok() || site->value.wall.displays.empty())
        return base::log_warning("the site's files have faults: the wall stays as it is");
    hot_keys_.clear();
    for (const config::Layout& layout : site->value.layouts)
        if (!layout.key.empty()) hot_keys_[layout.key] = layout.name;
    config::Wall& wall = site->value.wall;
    if (wall.bind != context_.wall.bind) {
        base::log_warning("another bind in wall.toml takes effect when the wall is started again");
        wall.bind = context_.wall.bind;
    }
    if (wall == context_.wall) {
        coming_wall_.reset();
        director_.drop_relaid();
        return;
    }
    director_.relay(wall);
    coming_wall_ = std::move(wall);
    coming_by_ns_ = base::mono_ns() + kPatienceNs;
    judge_now_ = true;
}

// After a frame: the next one draws the new wall whole.
void App::change_wall(int64_t now_ns) {
    if (!coming_wall_) return;
    if (now_ns < coming_by_ns_ && !director_.relaid_ready()) return;
    const config::Wall before = std::exchange(context_.wall, std::move(*coming_wall_));
    coming_wall_.reset();
    set_hall_clock(context_.wall.utc_offset_minutes);
    period_ns_ = static_cast<int64_t>(1e9 / std::clamp(context_.wall.refresh_hz, 1.0, 500.0));
    pacer_.set_period(period_ns_);
    director_.take_relaid();
    screens_->set_wall(before);
    backend_->set_wall(context_.wall);
    mirror_->set_wall();
    judge_now_ = true;
    base::log_info("the wall changed: {} displays", context_.wall.displays.size());
}

}  // namespace bw::compositor
