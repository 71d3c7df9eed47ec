// SPDX-License-Identifier: Apache-2.0
// What the tests of pixels share: a painter on whatever EGL gives, its screens, and producers that
// draw for them.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <vector>

#include "core/compositor/backend.h"
#include "core/compositor/painter.h"
#include "core/compositor/screens.h"
#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {

using testing::FakeProducer;
using wall::RectPx;

class PainterTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto backend = make_headless_backend();
        ASSERT_TRUE(backend.ok()) << backend.error().text;
        backend_ = std::move(*backend);
        auto atlas = text::Atlas::map(testing::atlas_fd());
        ASSERT_TRUE(atlas.ok());
        atlas_ = std::move(*atlas);
        context_.wall = testing::small_wall();
        context_.atlas = atlas_.get();
        use(PainterKind::software);
    }
    void TearDown() override { stage_.reset(); }
    // From here on drawn so, by producers that start anew.
    void use(PainterKind kind) {
        stage_.reset();
        screens_.reset();
        auto painter = Painter::make(*atlas_, kind);
        ASSERT_TRUE(painter.ok()) << painter.error().text;
        painter_ = std::move(*painter);
        context_.video_kind = painter_->video_kind();
        screens_ = std::make_unique<Screens>(context_, *backend_, *painter_);
        panel_ = FakeProducer::join(context_.feeds, "panel:test");
        media_ = FakeProducer::join(context_.feeds, "media:0");
    }
    void show(wall::Scene scene) {
        stage_ = std::make_unique<Stage>(std::move(scene), context_);
        step();
    }
    void step() {
        context_.feeds.each_link([this](Link& link) { context_.feeds.receive(link); });
        context_.feeds.each([](Feed& feed) { feed.pull(); });
        std::vector<Dirty> dirty;
        stage_->collect(dirty);
        int64_t now = base::mono_ns();
        stage_->judge_all(now, 0, all_lost_, dirty);
        screens_->say({}, 0);
        screens_->damage(dirty);
        screens_->draw(stage_.get(), seen_ns_);
        panel_->read();
        media_->read();
    }
    static uint32_t at(const Pixels& pixels, int x, int y) {
        uint32_t out = 0;
        std::memcpy(&out,
                    &pixels.rgba[(static_cast<size_t>(y) * static_cast<size_t>(pixels.width) +
                                  static_cast<size_t>(x)) *
                                 4],
                    4);
        return out;
    }
    // Takes another scene to the air; its pictures are there.
    void take(wall::Scene scene, config::Transition transition) {
        auto before = std::move(stage_);
        stage_ = std::make_unique<Stage>(std::move(scene), context_);
        screens_->begin_transition(plan_transition(transition, *before, *stage_, context_.wall, 0));
        step();
    }
    bool all_lost_ = false;
    int64_t seen_ns_ = 0;
    std::unique_ptr<Backend> backend_;
    std::unique_ptr<text::Atlas> atlas_;
    std::unique_ptr<Painter> painter_;
    WallContext context_;
    std::unique_ptr<Screens> screens_;
    std::unique_ptr<FakeProducer> panel_, media_;
    std::unique_ptr<Stage> stage_;
};

inline constexpr uint32_t kGreen = 0xFF00FF00, kRed = 0xFF0000FF, kBlue = 0xFFFF0000;

}  // namespace bw::compositor
