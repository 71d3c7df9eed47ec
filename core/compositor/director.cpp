// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/director.h"

#include <algorithm>
#include <utility>

namespace bw::compositor {

void Director::start_from(const wall::Scene& scene) {
    on_air_ = std::make_unique<Stage>(scene, context_);
    on_air_->set_on_air(true);
}

void Director::prepare(std::optional<wall::Scene> scene) {
    if (!scene) {
        next_.reset();
        return;
    }
    if (next_ && next_->scene().hash == scene->hash) return;
    // The new stage is built before the old one goes, so that feeds both want are kept.
    auto fresh = std::make_unique<Stage>(std::move(*scene), context_);
    next_ = std::move(fresh);
    ready_said_ = false;
    if (on_air_) on_air_->set_on_air(true);
}

void Director::go_live(Live live, int64_t at_ns, int64_t now_ns) {
    if (on_air_ && live.take < on_air_->scene().take) return;
    if (on_air_ && live.take == on_air_->scene().take && live.scene.hash == on_air_->scene().hash)
        return;
    // Claimed at once: the hub may drop its preview before the frame edge comes.
    if (next_ && next_->scene().hash == live.scene.hash) taking_ = std::move(next_);
    live_ = std::move(live);
    live_at_ns_ = at_ns;
    committed_ns_ = std::max(at_ns, now_ns);
}

std::optional<Director::Swap> Director::swap(int64_t now_ns) {
    if (!live_ || now_ns < live_at_ns_) return std::nullopt;
    Live live = std::move(*live_);
    live_.reset();
    std::unique_ptr<Stage> stage;
    if (taking_ && taking_->scene().hash == live.scene.hash)
        stage = std::move(taking_);
    else if (on_air_ && on_air_->scene().hash == live.scene.hash)
        stage = std::move(on_air_);
    else
        stage = std::make_unique<Stage>(live.scene, context_);
    stage->scene().take = live.take;
    // Off the air first: what both stages show is put back on by the second call.
    if (on_air_) on_air_->set_on_air(false);
    stage->set_on_air(true);
    retired_ = std::exchange(on_air_, std::move(stage));
    taking_.reset();
    return Swap{live.take, live.scene.hash, committed_ns_, live.transition};
}

void Director::relay(const config::Wall& wall) {
    relaid_.reset();
    if (!on_air_) return;
    const config::Wall shown = std::exchange(context_.wall, wall);
    relaid_ = std::make_unique<Stage>(on_air_->scene(), context_);
    context_.wall = shown;
    on_air_->set_on_air(true);
}

void Director::take_relaid() {
    const auto again = [this](std::unique_ptr<Stage>& stage) {
        if (!stage) return;
        // Built before the old one goes, so that feeds both want are kept.
        auto fresh = std::make_unique<Stage>(stage->scene(), context_);
        stage = std::move(fresh);
    };
    if (on_air_ && relaid_ && relaid_->scene() == on_air_->scene()) {
        on_air_->set_on_air(false);
        on_air_ = std::move(relaid_);
    } else {
        again(on_air_);  // another scene was taken meanwhile
    }
    relaid_.reset();
    again(next_);
    again(taking_);
    if (on_air_) on_air_->set_on_air(true);
}

std::optional<std::string> Director::newly_ready(bool drawn) {
    if (!next_ || ready_said_ || taking_ || !drawn || !next_->ready()) return std::nullopt;
    ready_said_ = true;
    return next_->scene().hash;
}

}  // namespace bw::compositor
