// SPDX-License-Identifier: Apache-2.0
// Pixels on a software renderer: what is drawn where, and that a frame of damage equals a whole
// one.
#include <gtest/gtest.h>

#include "core/compositor/backend.h"
#include "core/compositor/gl_painter.h"
#include "core/compositor/pen.h"
#include "core/compositor/screens.h"
#include "core/compositor/shaders.h"
#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {
namespace {

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
        auto painter = Painter::make(*atlas_);
        ASSERT_TRUE(painter.ok()) << painter.error().text;
        painter_ = std::move(*painter);
        context_.wall = testing::small_wall();
        context_.atlas = atlas_.get();
        screens_ = std::make_unique<Screens>(context_, *backend_, *painter_);
        panel_ = FakeProducer::join(context_.feeds, "panel:test");
        media_ = FakeProducer::join(context_.feeds, "media:0");
    }
    void TearDown() override { stage_.reset(); }
    void show(wall::Scene scene) {
        stage_ = std::make_unique<Stage>(std::move(scene), context_);
        step();
    }
    void step() {
        for (const auto& [name, link] : context_.feeds.links()) context_.feeds.receive(*link);
        context_.feeds.each([](Feed& feed) { feed.pull(); });
        std::vector<Dirty> dirty;
        stage_->collect(dirty);
        int64_t now = base::mono_ns();
        stage_->judge_all(now, now, all_lost_, dirty);
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

constexpr uint32_t kGreen = 0xFF00FF00, kRed = 0xFF0000FF, kBlue = 0xFFFF0000;

TEST_F(PainterTest, DrawsPanelVideoAndWhatLiesAboveItInOrder) {
    auto pane = testing::panel_pane("p", {0, 0, 400, 300});
    pane.caption = false;
    show(testing::scene_of({pane}, "a"));
    surface::DrawList list;
    testing::add_rect(list, *atlas_, 0, 0, 400, 300, kRed);
    testing::add_video(list, "camera/A", {100, 100, 160, 90});
    testing::add_rect(list, *atlas_, 100, 100, 20, 20, kBlue);
    FakeProducer::draw(*panel_->surface_with("\"p\""), list);
    step();
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    step();
    Pixels left = screens_->read_display(0);
    EXPECT_EQ(at(left, 1 + 50, 1 + 50), kRed);
    EXPECT_EQ(at(left, 1 + 110, 1 + 110), kBlue);   // drawn after the video: above it
    EXPECT_EQ(at(left, 1 + 150, 1 + 150), kGreen);  // the video's own pixels
    EXPECT_EQ(at(left, 1 + 259, 1 + 189), kGreen);
    EXPECT_EQ(at(left, 1 + 260, 1 + 190), kRed);
    EXPECT_EQ(at(left, 500, 350), colour::kGround);
    EXPECT_EQ(at(screens_->read_display(1), 50, 50), colour::kGround);
}

TEST_F(PainterTest, AnotherSizeThanAskedIsScaledIntoItsPlace) {
    auto pane = testing::source_pane("A", {0, 0, 402, 302});
    pane.caption = false;
    show(testing::scene_of({pane}, "a"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen, 64, 36);
    step();
    Pixels left = screens_->read_display(0);
    EXPECT_EQ(at(left, 200, 150), kGreen);
    EXPECT_EQ(at(left, 200, 5), colour::kGround);  // letterboxed
}

TEST_F(PainterTest, DamagedPartsGiveTheSamePictureAsAWholeFrame) {
    auto first = testing::panel_pane("p", {0, 0, 400, 220});
    auto second = testing::source_pane("B", {0, 220, 300, 220});
    auto third = testing::source_pane("C", {400, 0, 400, 300});  // on both displays
    show(testing::scene_of({first, second, third}, "a"));
    surface::DrawList list;
    testing::add_rect(list, *atlas_, 5, 5, 300, 100, 0x800000FF);
    testing::add_video(list, "camera/A", {150, 20, 160, 120}, 1);
    testing::add_rect(list, *atlas_, 140, 60, 60, 40, 0x80FF0000);
    FakeProducer::draw(*panel_->surface_with("\"p\""), list);
    step();
    for (const char* id : {"camera/A", "camera/B", "camera/C"}) {
        FakeProducer::fill(*media_->surface_with(id), kGreen);
        step();
    }
    FakeProducer::fill(*media_->surface_with("camera/A"), kRed);
    step();
    FakeProducer::draw(*panel_->surface_with("\"p\""), list);
    step();
    for (size_t display : {0u, 1u}) {
        Pixels parts = screens_->read_display(display);
        screens_->damage_all();
        screens_->draw(stage_.get(), base::mono_ns());
        EXPECT_EQ(parts.rgba, screens_->read_display(display).rgba) << display;
    }
}

TEST_F(PainterTest, ALostPictureStaysDimmedUnderHatching) {
    auto pane = testing::source_pane("A", {0, 0, 600, 400});
    show(testing::scene_of({pane}, "a"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    step();
    all_lost_ = true;
    step();
    Pixels left = screens_->read_display(0);
    int dim = 0, hatched = 0;
    for (int x = 20; x < 120; ++x) {
        uint32_t green = at(left, x, 200) >> 8 & 0xFF, red = at(left, x, 200) & 0xFF;
        dim += green > 100 && green < 140 && red < 20 ? 1 : 0;
        hatched += red > 30 ? 1 : 0;
    }
    EXPECT_GT(dim, 60);     // 45 % of 255, over the ground
    EXPECT_GT(hatched, 5);  // and lines across
}

TEST_F(PainterTest, PlanarVideoIsConvertedInTheShader) {
    context_.video_kind = surface::SlotKind::i420;
    auto pane = testing::source_pane("A", {0, 0, 322, 182});
    pane.caption = false;
    show(testing::scene_of({pane}, "a"));
    auto* surface = media_->surface_with("camera/A");
    ASSERT_NE(surface, nullptr);
    // Red in BT.601 limited range.
    constexpr int kWidth = 320, kHeight = 180;
    auto* y = reinterpret_cast<uint8_t*>(surface->writer->payload());
    std::memset(y, 81, kWidth * kHeight);
    std::memset(y + kWidth * kHeight, 90, kWidth * kHeight / 4);
    std::memset(y + kWidth * kHeight * 5 / 4, 240, kWidth * kHeight / 4);
    surface::SlotHeader header{};
    header.kind = surface::SlotKind::i420;
    header.width = kWidth;
    header.height = kHeight;
    header.stride = kWidth;
    header.bytes = kWidth * kHeight * 3 / 2;
    surface->writer->publish(header);
    FakeProducer::vouch(*surface);
    step();
    uint32_t pixel = at(screens_->read_display(0), 160, 90);
    EXPECT_GT(pixel & 0xFF, 250u);
    EXPECT_LT(pixel >> 8 & 0xFF, 5u);
    EXPECT_LT(pixel >> 16 & 0xFF, 5u);
}

TEST_F(PainterTest, ThePreviewIsDrawnApartAndLeavesTheAirAlone) {
    show(testing::scene_of({testing::source_pane("A", {0, 0, 300, 200})}, "a"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    step();
    Pixels before = screens_->read_display(0);
    Stage other(testing::scene_of({testing::source_pane("A", {300, 200, 300, 200})}, "b"),
                context_);
    std::vector<Dirty> dirty;
    other.collect(dirty);
    other.judge_all(base::mono_ns(), base::mono_ns(), false, dirty);
    std::vector<Canvas> apart = screens_->draw_apart(other);
    EXPECT_EQ(at(Screens::read(apart[0], {0, 0, 640, 480}), 450, 320), kGreen);
    EXPECT_EQ(before.rgba, screens_->read_display(0).rgba);
}

// Panes without caption, whole pixels: A left, B right.
wall::Scene halves(const std::string& left, const std::string& right, const std::string& hash) {
    auto one = testing::source_pane(left, {0, 0, 300, 200});
    auto two = testing::source_pane(right, {320, 0, 300, 200});
    one.caption = two.caption = false;
    return testing::scene_of({one, two}, hash);
}

constexpr int64_t kMs = 1'000'000;

TEST_F(PainterTest, AFadeMixesTheScenesAndLeavesCommonPanesAlone) {
    show(halves("A", "B", "one"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    FakeProducer::fill(*media_->surface_with("camera/B"), kRed);
    step();
    Stage prepared(halves("A", "C", "two"), context_);
    media_->read();
    FakeProducer::fill(*media_->surface_with("camera/C"), kBlue);
    seen_ns_ = 50 * kMs;
    take(halves("A", "C", "two"), {config::Transition::Kind::fade, 100});
    ASSERT_TRUE(screens_->in_transition());
    Pixels half = screens_->read_display(0);
    EXPECT_EQ(at(half, 150, 100), kGreen);
    const uint32_t mixed = at(half, 470, 100);
    EXPECT_NEAR(mixed & 0xFF, 128, 2);
    EXPECT_NEAR(mixed >> 16 & 0xFF, 128, 2);
    // What is live goes on: the common pane's next picture is seen at once and unmixed.
    FakeProducer::fill(*media_->surface_with("camera/A"), kRed);
    seen_ns_ = 75 * kMs;
    step();
    Pixels later = screens_->read_display(0);
    EXPECT_EQ(at(later, 150, 100), kRed);
    EXPECT_GT(at(later, 470, 100) >> 16 & 0xFF, 180u);
    seen_ns_ = 100 * kMs;
    step();
    EXPECT_FALSE(screens_->in_transition());
    EXPECT_EQ(at(screens_->read_display(0), 470, 100), kBlue);
    EXPECT_FALSE(screens_->damaged());  // and nothing more is drawn
}

TEST_F(PainterTest, APushSlidesTheNewSceneInAndLeavesCommonPanesInPlace) {
    show(halves("A", "B", "one"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    FakeProducer::fill(*media_->surface_with("camera/B"), kRed);
    step();
    Stage prepared(halves("A", "C", "two"), context_);
    media_->read();
    FakeProducer::fill(*media_->surface_with("camera/C"), kBlue);
    seen_ns_ = 50 * kMs;
    take(halves("A", "C", "two"), {config::Transition::Kind::push, 100});
    // Half way: 320 of 640 pixels. B's place shows what was 320 pixels to the right: nothing; C has
    // come in by half, and its right half still lies beyond the edge.
    Pixels half = screens_->read_display(0);
    EXPECT_EQ(at(half, 150, 100), kGreen);
    EXPECT_EQ(at(half, 10, 100), kGreen);
    EXPECT_EQ(at(half, 310, 100), colour::kGround);
    EXPECT_EQ(at(half, 470, 100), kGreen);  // of the new scene's own left half
    seen_ns_ = 200 * kMs;
    step();
    EXPECT_EQ(at(screens_->read_display(0), 470, 100), kBlue);
}

TEST_F(PainterTest, ACommonPaneMovesAsOnePictureFromItsOldPlaceToItsNew) {
    auto before = testing::source_pane("A", {0, 0, 200, 200});
    auto after = testing::source_pane("A", {400, 200, 200, 200});
    before.caption = after.caption = false;
    show(testing::scene_of({before}, "one"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    step();
    auto greens = [&](RectPx within) {
        Pixels now = screens_->read_display(0);
        int count = 0;
        for (int y = within.y; y < within.y + within.height; ++y) {
            for (int x = within.x; x < within.x + within.width; ++x)
                count += at(now, x, y) == kGreen ? 1 : 0;
        }
        return count;
    };
    const RectPx whole{0, 0, 640, 440};
    const int all = greens(whole);
    seen_ns_ = 50 * kMs;
    take(testing::scene_of({after}, "two"), {config::Transition::Kind::fade, 100});
    EXPECT_NEAR(greens(whole), all, all / 50);  // one picture, not two
    EXPECT_NEAR(greens({200, 100, 200, 200}), all, all / 50);
    seen_ns_ = 99 * kMs;
    step();
    EXPECT_NEAR(greens(whole), all, all / 50);
    seen_ns_ = 100 * kMs;
    step();
    EXPECT_EQ(greens({400, 200, 200, 200}), all);
}

TEST_F(PainterTest, ATakeDuringATransitionEndsThatOneAtOnce) {
    show(halves("A", "B", "one"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    FakeProducer::fill(*media_->surface_with("camera/B"), kRed);
    step();
    seen_ns_ = 10 * kMs;
    take(halves("B", "A", "two"), {config::Transition::Kind::fade, 100});
    seen_ns_ = 0;
    take(halves("A", "A", "three"), {config::Transition::Kind::fade, 100});
    // The second one starts from the whole of scene two: no trace of scene one.
    EXPECT_EQ(at(screens_->read_display(0), 150, 100), kRed);
}

TEST_F(PainterTest, EveryShaderFileIsKnownToTheDriver) {
    ASSERT_GE(shaders().size(), 5u);
    for (const Shader& shader : shaders()) {
        bool vertex = shader.name.ends_with(".vert");
        GLuint name = glCreateShader(vertex ? GL_VERTEX_SHADER : GL_FRAGMENT_SHADER);
        const char* text = shader.text.c_str();
        glShaderSource(name, 1, &text, nullptr);
        glCompileShader(name);
        GLint good = 0;
        glGetShaderiv(name, GL_COMPILE_STATUS, &good);
        EXPECT_EQ(good, GL_TRUE) << shader.name;
        glDeleteShader(name);
    }
}

}  // namespace
}  // namespace bw::compositor
