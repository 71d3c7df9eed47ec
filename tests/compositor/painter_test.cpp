// SPDX-License-Identifier: Apache-2.0
// Pixels on a software renderer: what is drawn where, and that a frame of damage equals a whole
// one.
#include "core/compositor/painter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "core/compositor/backend.h"
#include "core/compositor/gl_pictures.h"
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

TEST_F(PainterTest, APanelDrawnPieceByPieceLooksAsIfDrawnWhole) {
    show(testing::scene_of({testing::panel_pane("p", {0, 0, 500, 400})}, "a"));
    struct Shape {
        float x, y, w, h;
        uint32_t rgba;
    };
    std::mt19937 random(5);
    auto upto = [&random](unsigned n) { return static_cast<float>(random() % n); };
    auto any = [&] {
        return Shape{upto(450) + upto(4) / 4, upto(350) + upto(4) / 4, 5 + upto(100), 5 + upto(60),
                     static_cast<uint32_t>(random()) | 0x40000000};
    };
    std::vector<Shape> shapes(30);
    for (Shape& shape : shapes) shape = any();
    for (int round = 0; round < 12; ++round) {
        surface::DrawList list;
        for (const Shape& s : shapes) testing::add_rect(list, *atlas_, s.x, s.y, s.w, s.h, s.rgba);
        FakeProducer::draw(*panel_->surface_with("\"p\""), list);
        step();
        Pixels pieces = screens_->read_display(0);
        stage_->tiles()[0].feed->drawable.reset();
        screens_->damage_all();
        screens_->draw(stage_.get(), base::mono_ns());
        ASSERT_EQ(pieces.rgba, screens_->read_display(0).rgba) << round;
        shapes[random() % shapes.size()] = any();
        if (round % 3 == 0) std::swap(shapes[random() % shapes.size()], shapes[0]);
        if (round % 4 == 0) shapes.erase(shapes.begin() + 7);
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

// Colours and detail, as planes: what differs between the ways of drawing shows in it.
struct Planes {
    int width, height;
    std::vector<uint8_t> bytes;
};
Planes colour_planes(int width, int height, int seed) {
    const int half_width = (width + 1) / 2, half_height = (height + 1) / 2;
    Planes out{width, height, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            out.bytes.push_back(static_cast<uint8_t>(16 + (x * 3 + y * 5 + seed * 40) % 220));
    for (int plane = 0; plane < 2; ++plane)
        for (int y = 0; y < half_height; ++y)
            for (int x = 0; x < half_width; ++x)
                out.bytes.push_back(static_cast<uint8_t>(
                    64 + (plane == 0 ? x * 120 / half_width : y * 120 / half_height) + seed));
    return out;
}

surface::SlotHeader planes_header(const Planes& planes, uint32_t matrix) {
    surface::SlotHeader header{};
    header.kind = surface::SlotKind::i420;
    header.width = static_cast<uint32_t>(planes.width);
    header.height = static_cast<uint32_t>(planes.height);
    header.stride = header.width;
    header.bytes = planes.bytes.size();
    header.matrix = matrix;
    return header;
}

void publish(FakeProducer::Surface& surface, const Planes& planes, uint32_t matrix) {
    std::memcpy(surface.writer->payload(), planes.bytes.data(), planes.bytes.size());
    surface.writer->publish(planes_header(planes, matrix));
    FakeProducer::vouch(surface);
}

// What media would have made of the planes for the copying renderer: BT.601, limited range.
void publish_converted(FakeProducer::Surface& surface, const Planes& planes) {
    const int half_width = (planes.width + 1) / 2;
    const auto luma = static_cast<size_t>(planes.width * planes.height);
    const auto chroma = static_cast<size_t>(half_width * ((planes.height + 1) / 2));
    auto* out = reinterpret_cast<uint8_t*>(surface.writer->payload());
    for (int y = 0; y < planes.height; ++y) {
        for (int x = 0; x < planes.width; ++x) {
            const auto at = static_cast<size_t>(y / 2 * half_width + x / 2);
            const double l =
                (planes.bytes[static_cast<size_t>(y * planes.width + x)] - 16) * 255 / 219.0;
            const double cb = (planes.bytes[luma + at] - 128) * 255 / 224.0;
            const double cr = (planes.bytes[luma + chroma + at] - 128) * 255 / 224.0;
            for (double v : {l + 1.402 * cr, l - 0.3441 * cb - 0.7141 * cr, l + 1.772 * cb, 255.0})
                *out++ = static_cast<uint8_t>(std::clamp(v + 0.5, 0.0, 255.0));
        }
    }
    surface::SlotHeader header{};
    header.kind = surface::SlotKind::rgba;
    header.width = static_cast<uint32_t>(planes.width);
    header.height = static_cast<uint32_t>(planes.height);
    header.stride = header.width * 4;
    header.bytes = luma * 4;
    surface.writer->publish(header);
    FakeProducer::vouch(surface);
}

// A panel with two videos and something above them, tiles over tiles, one across both displays.
wall::Scene busy_scene() {
    auto high = testing::source_pane("C", {250, 180, 220, 150});
    high.z = 1;
    return testing::scene_of(
        {testing::panel_pane("p", {0, 0, 400, 220}), testing::source_pane("B", {0, 220, 300, 220}),
         testing::source_pane("D", {500, 0, 300, 200}), high},
        "a");
}

TEST_F(PainterTest, BothWaysOfDrawingGiveNearlyTheSamePicture) {
    std::vector<Pixels> pictures[2];
    for (PainterKind kind : {PainterKind::software, PainterKind::gpu}) {
        const bool gpu = kind == PainterKind::gpu;
        use(kind);
        EXPECT_EQ(painter_->pictures(), gpu ? "shaded" : "copied");
        show(busy_scene());
        surface::DrawList list;
        testing::add_rect(list, *atlas_, 5, 5, 300, 100, 0x800000FF);
        testing::add_video(list, "camera/A", {150, 20, 161, 121}, 1);
        testing::add_rect(list, *atlas_, 140, 60, 60, 40, 0x80FF0000);
        FakeProducer::draw(*panel_->surface_with("\"p\""), list);
        step();
        int seed = 0;
        for (const char* id : {"camera/A", "camera/B", "camera/C", "camera/D"}) {
            auto* surface = media_->surface_with(id);
            ASSERT_NE(surface, nullptr) << id;
            const auto& c = surface->configure;
            // Not quite of the shape asked for: letterboxed.
            Planes planes = colour_planes(static_cast<int>(c.width),
                                          static_cast<int>(c.height) - 2 * seed, seed);
            if (gpu)
                publish(*surface, planes, 1);
            else
                publish_converted(*surface, planes);
            step();
            ++seed;
        }
        for (size_t display : {0u, 1u})
            pictures[gpu ? 1 : 0].push_back(screens_->read_display(display));
    }
    for (size_t display : {0u, 1u}) {
        const auto& copied = pictures[0][display].rgba;
        const auto& shaded = pictures[1][display].rgba;
        ASSERT_EQ(copied.size(), shaded.size());
        size_t far = 0, seen = 0;
        for (size_t i = 0; i < copied.size(); ++i) {
            const int apart = std::abs(static_cast<int>(copied[i]) - static_cast<int>(shaded[i]));
            far += apart > 6 ? 1 : 0;  // chroma is blended in a shader, repeated in a copy
            seen += copied[i] != copied[0] ? 1 : 0;
        }
        EXPECT_LE(far * 1000, copied.size()) << display;
        EXPECT_GT(seen * 10, copied.size()) << display;
    }
}

TEST_F(PainterTest, PlanesAreConvertedByTheMatrixOfTheStream) {
    use(PainterKind::gpu);
    auto pane = testing::source_pane("A", {0, 0, 322, 182});
    pane.caption = false;
    show(testing::scene_of({pane}, "a"));
    // The same bytes: red in BT.601, and what the other matrices make of it.
    Planes red{320, 180, std::vector<uint8_t>(320 * 180, 81)};
    red.bytes.insert(red.bytes.end(), 160 * 90, 90);
    red.bytes.insert(red.bytes.end(), 160 * 90, 240);
    struct Expected {
        uint32_t matrix;
        int r, g, b;
    };
    for (const Expected& e :
         {Expected{1, 254, 0, 0}, Expected{2, 255, 24, 0}, Expected{3, 238, 14, 14},
          Expected{4, 255, 36, 10}, Expected{0, 254, 0, 0}}) {
        publish(*media_->surface_with("camera/A"), red, e.matrix);
        step();
        const uint32_t pixel = at(screens_->read_display(0), 160, 90);
        EXPECT_NEAR(static_cast<int>(pixel & 0xFF), e.r, 4) << e.matrix;
        EXPECT_NEAR(static_cast<int>(pixel >> 8 & 0xFF), e.g, 4) << e.matrix;
        EXPECT_NEAR(static_cast<int>(pixel >> 16 & 0xFF), e.b, 4) << e.matrix;
    }
}

// GPUs get their planes by a streamed buffer, software renderers straight from the slot.
TEST_F(PainterTest, PlanesComeTheSameByABufferAsDirectly) {
    use(PainterKind::gpu);
    show(testing::scene_of({testing::source_pane("A", {0, 0, 323, 213})}, "a"));
    publish(*media_->surface_with("camera/A"), colour_planes(161, 91, 3), 2);
    step();
    Feed& feed = *stage_->tiles()[0].videos[0].feed;
    const RectPx whole{0, 0, 161, 91};
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
    EXPECT_NE(at(pictures[0], 20, 20), at(pictures[0], 100, 70));
}

TEST_F(PainterTest, OnThePagesNoPictureBleedsIntoItsNeighbour) {
    use(PainterKind::gpu);
    std::vector<wall::ScenePane> panes;
    for (int i = 0; i < 12; ++i) {
        panes.push_back(testing::source_pane(std::string(1, static_cast<char>('A' + i)),
                                             {i % 3 * 170.0, i / 3 * 110.0, 162, 92}));
        panes.back().caption = false;
    }
    show(testing::scene_of(panes, "a"));
    // Half the size asked for: stretched, so that every edge is blended.
    for (int i = 0; i < 12; ++i) {
        auto* surface =
            media_->surface_with("camera/" + panes[static_cast<size_t>(i)].source.substr(7));
        ASSERT_NE(surface, nullptr);
        Planes planes{80, 45, std::vector<uint8_t>(80 * 45, i % 2 == 0 ? 235 : 16)};
        planes.bytes.insert(planes.bytes.end(), 2 * 40 * 23, 128);
        publish(*surface, planes, 1);
    }
    step();
    Pixels left = screens_->read_display(0);
    for (int i = 0; i < 12; ++i) {
        const auto& place = stage_->tiles()[static_cast<size_t>(i)].geometry.placements[0];
        const RectPx r = place.clip;
        const uint32_t colour = i % 2 == 0 ? 0xFFFFFFFF : 0xFF000000;
        for (auto [x, y] : {std::pair{r.x, r.y},
                            {r.x + r.width - 1, r.y + r.height - 1},
                            {r.x, r.y + r.height - 1},
                            {r.x + r.width - 1, r.y}}) {
            EXPECT_EQ(at(left, x, y), colour) << i << " at " << x << ", " << y;
        }
    }
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
    EXPECT_EQ(at(screens_->read(apart[0], {0, 0, 640, 480}), 450, 320), kGreen);
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
    ASSERT_GE(shaders().size(), 6u);
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
