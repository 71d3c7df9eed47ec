// SPDX-License-Identifier: Apache-2.0
// Pixels on a software renderer: what is drawn where, and that a frame of damage equals a whole
// one.
#include "core/compositor/painter.h"

#include <algorithm>
#include <random>

#include "core/compositor/pen.h"
#include "core/compositor/shaders.h"
#include "tests/compositor/painter_fixture.h"

namespace bw::compositor {
namespace {

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

TEST_F(PainterTest, ThePreviewIsDrawnApartAndLeavesTheAirAlone) {
    show(testing::scene_of({testing::source_pane("A", {0, 0, 300, 200})}, "a"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    step();
    Pixels before = screens_->read_display(0);
    Stage other(testing::scene_of({testing::source_pane("A", {300, 200, 300, 200})}, "b"),
                context_);
    std::vector<Dirty> dirty;
    other.collect(dirty);
    other.judge_all(base::mono_ns(), 0, false, dirty);
    std::vector<Canvas> apart = screens_->draw_apart(other);
    EXPECT_EQ(at(screens_->read(apart[0], {0, 0, 640, 480}), 450, 320), kGreen);
    EXPECT_EQ(before.rgba, screens_->read_display(0).rgba);
}

TEST_F(PainterTest, ThePreviewsStripSaysWhatItWouldSayOnAir) {
    show(testing::scene_of({testing::source_pane("A", {0, 0, 300, 200})}, "a"));
    step();
    const Pixels before = screens_->read_display(0);
    Stage other(testing::scene_of({testing::source_pane("A", {300, 200, 300, 200})}, "b"),
                context_);
    std::vector<Dirty> dirty;
    other.collect(dirty);
    other.judge_all(base::mono_ns(), 0, false, dirty);
    StripWords words;
    words.layout = "Flood";
    words.space = {Band::exercise, "Drill", "14:05"};
    const auto read = [this](const std::vector<Canvas>& canvases) {
        return screens_->read(canvases[0], {0, 0, 640, 480}).rgba;
    };
    const auto preview = read(screens_->draw_apart(other, words, 0));
    EXPECT_NE(preview, read(screens_->draw_apart(other)));  // the strip of what is on air
    EXPECT_EQ(before.rgba, screens_->read_display(0).rgba);
    screens_->say({}, 0);
    EXPECT_FALSE(screens_->damaged());
    screens_->say(words, 0);
    screens_->damage_all();
    screens_->draw(&other, base::mono_ns());
    EXPECT_EQ(preview, screens_->read_display(0).rgba);
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
