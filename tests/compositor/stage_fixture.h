// SPDX-License-Identifier: Apache-2.0
// A wall of two displays, its feeds over real links, and no GL.
#pragma once

#include <gtest/gtest.h>

#include "core/compositor/director.h"
#include "core/compositor/stage.h"
#include "tests/compositor/wall_fixture.h"

namespace bw::compositor::testing {

class StageTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto atlas = text::Atlas::map(atlas_fd());
        ASSERT_TRUE(atlas.ok()) << atlas.error().text;
        atlas_ = std::move(*atlas);
        context_.wall = small_wall();
        context_.atlas = atlas_.get();
        context_.wall_clock = [this] { return wall_ns_; };
    }
    // What the compositor does at each frame edge.
    std::vector<Dirty> frame(Stage& stage) {
        context_.feeds.each_link([this](Link& link) { context_.feeds.receive(link); });
        context_.feeds.drop_left();
        context_.feeds.each([](Feed& feed) { feed.pull(); });
        std::vector<Dirty> dirty;
        stage.turn_pages(wall_ns_, dirty);
        stage.collect(dirty);
        int64_t now = base::mono_ns();
        stage.judge_all(now, 0, false, dirty);
        return dirty;
    }
    int64_t wall_ns_ = 0;
    std::unique_ptr<text::Atlas> atlas_;
    WallContext context_;
};

}  // namespace bw::compositor::testing
