// SPDX-License-Identifier: Apache-2.0
// Pixels of tiles that are larger than one display or one page of pictures.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/compositor/backend.h"
#include "core/compositor/gl_pictures.h"
#include "core/compositor/painter.h"
#include "core/compositor/pen.h"
#include "core/compositor/screens.h"
#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {
namespace {

using testing::FakeProducer;
using wall::RectPx;

constexpr uint32_t kGreen = 0xFF00FF00, kRed = 0xFF0000FF;

uint32_t at(const Pixels& pixels, int x, int y) {
    uint32_t out = 0;
    const auto place =
        (static_cast<size_t>(y) * static_cast<size_t>(pixels.width) + static_cast<size_t>(x)) * 4;
    std::memcpy(&out, &pixels.rgba[place], 4);
    return out;
}

class TilePixels : public ::testing::Test {
  protected:
    void SetUp() override {
        auto backend = make_headless_backend();
        ASSERT_TRUE(backend.ok()) << backend.error().text;
        backend_ = std::move(*backend);
        atlas_ = std::move(text::Atlas::map(testing::atlas_fd()).value());
        context_.atlas = atlas_.get();
    }
    void TearDown() override { stage_.reset(); }
    void show(const config::Wall& wall, PainterKind kind, wall::Scene scene) {
        screens_.reset();
        context_.wall = wall;
        painter_ = std::move(Painter::make(*atlas_, kind).value());
        context_.video_kind = painter_->video_kind();
        screens_ = std::make_unique<Screens>(context_, *backend_, *painter_);
        media_ = FakeProducer::join(context_.feeds, "media:0");
        stage_ = std::make_unique<Stage>(std::move(scene), context_);
        step();
    }
    void step() {
        context_.feeds.each([](Feed& feed) { feed.pull(); });
        std::vector<Dirty> dirty;
        stage_->collect(dirty);
        stage_->judge_all(base::mono_ns(), 0, false, dirty);
        screens_->damage(dirty);
        screens_->draw(stage_.get(), 0);
        media_->read();
    }
    std::unique_ptr<Backend> backend_;
    std::unique_ptr<text::Atlas> atlas_;
    WallContext context_;
    std::unique_ptr<Painter> painter_;
    std::unique_ptr<Screens> screens_;
    std::unique_ptr<FakeProducer> media_;
    std::unique_ptr<Stage> stage_;
};

/// Planes in two colours, left and right of the middle: grey of these lumas.
void publish_halves(FakeProducer::Surface& surface, uint8_t left, uint8_t right) {
    surface::SlotHeader header{};
    header.kind = surface::SlotKind::i420;
    header.width = header.stride = surface.configure.width;
    header.height = surface.configure.height;
    auto* out = reinterpret_cast<uint8_t*>(surface.writer->payload());
    const uint8_t* begin = out;
    for (uint32_t y = 0; y < header.height; ++y) {
        out = std::fill_n(out, header.width / 2, left);
        out = std::fill_n(out, header.width - header.width / 2, right);
    }
    out = std::fill_n(out, 2 * ((header.width + 1) / 2) * ((header.height + 1) / 2), uint8_t{128});
    header.bytes = static_cast<uint64_t>(out - begin);
    surface.writer->publish(header);
    FakeProducer::vouch(surface);
}

wall::ScenePane bare_source(const std::string& id, wall::RectMm rect) {
    wall::ScenePane pane = testing::source_pane(id, rect);
    pane.caption = false;
    return pane;
}

// A camera over nine displays is wider than a page of 4096 pixels.
TEST_F(TilePixels, APictureLargerThanAPageIsShadedLikeAnyOther) {
    config::Wall wall = testing::small_wall();
    wall.displays = {{"wide", 0, 0, 4600, 100, 4600, 100}, {"side", 4600, 0, 64, 100, 64, 100}};
    auto small = bare_source("B", {1000, 20, 200, 60});
    small.z = 1;
    show(wall, PainterKind::gpu,
         testing::scene_of({bare_source("A", {0, 0, 4500, 90}), small}, "a"));
    EXPECT_GE(media_->surface_with("camera/A")->configure.width, 4490u);
    publish_halves(*media_->surface_with("camera/A"), 235, 16);
    publish_halves(*media_->surface_with("camera/B"), 16, 235);
    step();
    Pixels now = screens_->read_display(0);
    EXPECT_EQ(at(now, 10, 45), 0xFFFFFFFF);
    EXPECT_EQ(at(now, 2200, 45), 0xFFFFFFFF);
    EXPECT_EQ(at(now, 2300, 45), 0xFF000000);
    EXPECT_EQ(at(now, 4490, 45), 0xFF000000);
    EXPECT_EQ(at(now, 1050, 45), 0xFF000000);  // the tile above it
    EXPECT_EQ(at(now, 1150, 45), 0xFFFFFFFF);
    publish_halves(*media_->surface_with("camera/A"), 16, 235);  // its next picture
    step();
    now = screens_->read_display(0);
    EXPECT_EQ(at(now, 10, 45), 0xFF000000);
    EXPECT_EQ(at(now, 4490, 45), 0xFFFFFFFF);
}

TEST_F(TilePixels, ALargePictureComesTheSameByABufferAsDirectly) {
    config::Wall wall = testing::small_wall();
    wall.displays = {{"wide", 0, 0, 4600, 60, 4600, 60}};
    show(wall, PainterKind::gpu, testing::scene_of({bare_source("A", {0, 0, 4503, 51})}, "a"));
    publish_halves(*media_->surface_with("camera/A"), 200, 60);
    step();
    Feed& feed = *stage_->tiles()[0].videos[0].feed;
    const RectPx whole{0, 0, feed.picture_size().width, feed.picture_size().height};
    std::vector<Pixels> pictures;
    for (bool direct : {true, false}) {
        feed.drawable.reset();
        auto way = make_shaded_pictures(direct);
        ASSERT_TRUE(way.ok()) << way.error().text;
        Canvas canvas = painter_->make_canvas(whole.width, whole.height);
        painter_->clear(canvas);
        const Plan::Picture picture{&feed, whole, whole};
        (*way)->draw(canvas, {&picture, 1});
        pictures.push_back(painter_->read(canvas, whole));
        feed.drawable.reset();
    }
    EXPECT_EQ(pictures[0].rgba, pictures[1].rgba);
    EXPECT_GT(at(pictures[0], 10, 10) & 0xFF, at(pictures[0], 4400, 10) & 0xFF);
}

TEST_F(TilePixels, APictureLargerThanTheDriverTakesIsAskedForSmallerAndFillsItsPlace) {
    config::Wall wall = testing::small_wall();
    context_.most_side = 300;
    for (const PainterKind kind : {PainterKind::gpu, PainterKind::software}) {
        stage_.reset();
        show(wall, kind, testing::scene_of({bare_source("A", {0, 0, 600, 200})}, "a"));
        auto& surface = *media_->surface_with("camera/A");
        EXPECT_EQ(surface.configure.width, 300u);
        EXPECT_EQ(surface.configure.height, 100u);
        if (kind == PainterKind::gpu)
            publish_halves(surface, 235, 235);
        else
            FakeProducer::fill(surface, 0xFFFFFFFF);
        step();
        const Pixels now = screens_->read_display(0);
        for (auto [x, y] : {std::pair{2, 2}, {599, 2}, {2, 199}, {599, 199}})
            EXPECT_EQ(at(now, x, y), 0xFFFFFFFF) << x << ", " << y;
    }
}

// However much of a tile is drawn again, its pixels are the same: on displays of one pitch and of
// two, with the bezel between them.
TEST_F(TilePixels, WhatIsDrawnInPartEqualsWhatIsDrawnWhole) {
    for (const double pitch : {1.0, 0.75, 0.618}) {
        for (const bool caption : {true, false}) {
            stage_.reset();
            config::Wall wall = testing::small_wall();
            wall.displays[1].x_mm = 650;
            wall.displays[1].width_px = static_cast<uint32_t>(640 * pitch);
            wall.displays[1].height_px = static_cast<uint32_t>(480 * pitch);
            auto pane = testing::source_pane("A", {420.3, 30.7, 500.9, 300.2});
            pane.caption = caption;
            pane.aspect = config::Aspect::fill;
            show(wall, PainterKind::software, testing::scene_of({pane}, "a"));
            auto& surface = *media_->surface_with("camera/A");
            FakeProducer::fill(surface, kRed);
            step();
            FakeProducer::fill(surface, kGreen);
            step();  // the picture alone
            std::vector<Pixels> part, whole;
            for (size_t i : {0u, 1u}) part.push_back(screens_->read_display(i));
            screens_->damage_all();
            step();
            for (size_t i : {0u, 1u}) whole.push_back(screens_->read_display(i));
            for (size_t i : {0u, 1u})
                EXPECT_EQ(part[i].rgba, whole[i].rgba) << "display " << i << ", " << pitch;
            // The picture reaches the bezel on both sides of it.
            EXPECT_EQ(at(whole[0], 639, 200), kGreen);
            EXPECT_EQ(at(whole[1], 0, static_cast<int>(200 * pitch)), kGreen);
            // And every pixel of the tile is drawn: nothing of what was there before is left.
            for (const Placement& p : stage_->tiles()[0].geometry.placements) {
                const Pixels& shown = whole[p.display];
                for (int x = p.tile.x; x < p.tile.x + p.tile.width; ++x)
                    EXPECT_NE(at(shown, x, p.tile.y + p.tile.height - 1), colour::kGround) << x;
                for (int y = p.tile.y; y < p.tile.y + p.tile.height; ++y) {
                    EXPECT_NE(at(shown, p.tile.x, y), colour::kGround) << y;
                    EXPECT_NE(at(shown, p.tile.x + p.tile.width - 2, y), colour::kGround) << y;
                }
            }
        }
    }
}

}  // namespace
}  // namespace bw::compositor
