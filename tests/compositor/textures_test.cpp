// SPDX-License-Identifier: Apache-2.0
// A panel's own textures on the canvas: pixels read back, and what is drawn and loaded when.
#include <algorithm>

#include "core/compositor/pen.h"
#include "core/text/raster.h"
#include "tests/compositor/painter_fixture.h"

namespace bw::compositor {
namespace {

class TexturePainter : public PainterTest {
  protected:
    // The first pixel of the panel's content lies here: its tile has an edge of one.
    static constexpr int kEdge = 1;

    void show_panel(const std::string& id = "p") {
        auto pane = testing::panel_pane(id, {0, 0, 400, 300});
        pane.caption = false;
        show(testing::scene_of({pane}, "a"));
        own_textures();
    }
    void own_textures() {
        surface_ = panel_->surface_with("\"p\"");
        textures_ = std::make_unique<surface::Textures>(surface_->writer->textures());
    }
    void TearDown() override {
        textures_.reset();
        PainterTest::TearDown();
    }
    void write(uint32_t id, const std::vector<uint32_t>& pixels, uint32_t width) {
        const auto height = static_cast<uint32_t>(pixels.size() / width);
        ASSERT_TRUE(textures_->write(id, {pixels.data(), 4 * width, 0, 0, width, height}).ok());
    }
    uint32_t texture(uint32_t width, uint32_t height, uint32_t rgba) {
        auto id = textures_->create(width, height);
        EXPECT_TRUE(id.ok());
        write(*id, std::vector<uint32_t>(size_t{width} * height, rgba), width);
        return *id;
    }
    static void add_image(surface::DrawList& list, uint32_t id, float x, float y, float w, float h,
                          uint32_t rgba = 0xFFFFFFFF) {
        const auto first = static_cast<uint32_t>(list.vertices.size());
        const auto index = static_cast<uint32_t>(list.indices.size());
        list.vertices.insert(list.vertices.end(), {{x, y, 0, 0, rgba},
                                                   {x + w, y, 1, 0, rgba},
                                                   {x + w, y + h, 1, 1, rgba},
                                                   {x, y + h, 0, 1, rgba}});
        for (uint32_t i : {0u, 1u, 2u, 0u, 2u, 3u}) list.indices.push_back(first + i);
        list.commands.push_back({0, 0, 4096, 4096, id, index, 6, -1});
    }
    void publish(const surface::DrawList& list) {
        ASSERT_TRUE(
            surface::publish_draw_list(*surface_->writer, list, base::mono_ns(), textures_.get())
                .ok());
        FakeProducer::vouch(*surface_);
        step();
    }
    uint64_t pixels_written() {
        std::vector<DisplayReport> reports;
        screens_->add_reports(reports);
        return reports[0].pixels_written;
    }
    FakeProducer::Surface* surface_ = nullptr;
    std::unique_ptr<surface::Textures> textures_;
};

constexpr uint32_t kTile = colour::kTile;

TEST_F(TexturePainter, PixelForPixelItIsWhatWasWritten) {
    show_panel();
    auto id = textures_->create(64, 32);
    std::vector<uint32_t> pixels;
    for (uint32_t i = 0; i < 64 * 32; ++i) pixels.push_back(0xFF000000u | i * 0x01030507u);
    write(*id, pixels, 64);
    surface::DrawList list;
    testing::add_rect(list, *atlas_, 0, 0, 400, 300, kRed);
    add_image(list, *id, 100, 50, 64, 32);
    testing::add_rect(list, *atlas_, 120, 60, 10, 10, kBlue);
    publish(list);
    const Pixels left = screens_->read_display(0);
    for (const auto& [x, y] : {std::pair{0, 0}, {63, 0}, {0, 31}, {63, 31}, {17, 23}})
        EXPECT_EQ(at(left, kEdge + 100 + x, kEdge + 50 + y),
                  pixels[static_cast<size_t>(y * 64 + x)] | 0xFF000000u)
            << x << ", " << y;
    EXPECT_EQ(at(left, kEdge + 99, kEdge + 50), kRed);
    EXPECT_EQ(at(left, kEdge + 164, kEdge + 81), kRed);
    EXPECT_EQ(at(left, kEdge + 125, kEdge + 65), kBlue) << "drawn after it: above it";
}

TEST_F(TexturePainter, BothRenderersAndTheRasterAgree) {
    for (PainterKind kind : {PainterKind::software, PainterKind::gpu}) {
        textures_.reset();
        use(kind);
        show_panel();
        auto id = textures_->create(7, 5);
        std::vector<uint32_t> pixels;
        for (uint32_t i = 0; i < 35; ++i) pixels.push_back(i * 0x0B2F61A7u);  // any alpha
        write(*id, pixels, 7);
        surface::DrawList list;
        testing::add_rect(list, *atlas_, 0, 0, 400, 300, kTile);
        add_image(list, *id, 10.5F, 20.25F, 333, 251, 0xC0FFE0D0);
        publish(list);
        const Pixels left = screens_->read_display(0);
        surface::DrawList same = stage_->tiles()[0].feed->list();
        const text::Image expected = text::rasterize(same, *atlas_, 398, 298);
        int worst = 0;
        for (int y = 0; y < 298; ++y)
            for (int x = 0; x < 398; ++x)
                for (int shift = 0; shift < 24; shift += 8)
                    worst = std::max(
                        worst,
                        std::abs(static_cast<int>(at(left, kEdge + x, kEdge + y) >> shift & 0xFF) -
                                 static_cast<int>(expected.at(x, y) >> shift & 0xFF)));
        EXPECT_LE(worst, 3);
    }
}

TEST_F(TexturePainter, TransparentBlackShowsAtNoEdge) {
    show_panel();
    auto id = textures_->create(2, 1);
    write(*id, {0x00000000, 0xFFFFFFFF}, 2);
    surface::DrawList list;
    testing::add_rect(list, *atlas_, 0, 0, 400, 300, 0xFF808080);
    add_image(list, *id, 0, 0, 300, 100);
    publish(list);
    const Pixels left = screens_->read_display(0);
    uint32_t before = 0x80;
    for (int x = 0; x < 300; ++x) {
        const uint32_t red = at(left, kEdge + x, 50) & 0xFF;
        ASSERT_GE(red + 1, before) << x;  // from the ground to white without a darker pixel
        before = red;
    }
    EXPECT_EQ(before, 0xFFu);
}

TEST_F(TexturePainter, NewPixelsAreDrawnWhereTheyAreShownAndNowhereElse) {
    show_panel();
    const uint32_t id = texture(40, 40, kGreen), other = texture(40, 40, kRed);
    surface::DrawList list;
    testing::add_rect(list, *atlas_, 0, 0, 400, 300, kTile);
    add_image(list, id, 10, 10, 40, 40);
    add_image(list, other, 200, 100, 40, 40);
    publish(list);
    EXPECT_EQ(at(screens_->read_display(0), 30, 30), kGreen);

    write(id, std::vector<uint32_t>(1600, kBlue), 40);
    publish(list);
    EXPECT_EQ(stage_->tiles()[0].feed->changed_since(1), (std::vector<RectPx>{{10, 10, 40, 40}}));
    EXPECT_EQ(at(screens_->read_display(0), 30, 30), kBlue);
    EXPECT_EQ(at(screens_->read_display(0), 220, 120), kRed);
}

// The same list over and over: a panel that is drawn because something else of it might change.
TEST_F(TexturePainter, WhatNobodyWroteCostsNothing) {
    show_panel();
    const uint32_t id = texture(1024, 1024, kGreen);
    surface::DrawList list;
    testing::add_rect(list, *atlas_, 0, 0, 400, 300, kTile);
    add_image(list, id, 10, 10, 40, 40);
    publish(list);
    EXPECT_GE(pixels_written(), 1024u * 1024) << "loading it counts";
    const uint64_t before = pixels_written();
    for (int i = 0; i < 5; ++i) publish(list);
    EXPECT_EQ(pixels_written(), before);
    testing::add_rect(list, *atlas_, 300, 200, 10, 10, kRed);
    publish(list);
    EXPECT_LT(pixels_written(), before + 1000) << "what else changes does not load it again";
}

// What is prepared is loaded in steps between two frames.
TEST_F(TexturePainter, ALargeOneIsLoadedInSteps) {
    show_panel();
    const uint32_t id = texture(2048, 1024, kGreen);
    surface::DrawList list;
    add_image(list, id, 0, 0, 300, 200);
    ASSERT_TRUE(surface::publish_draw_list(*surface_->writer, list, 1, textures_.get()).ok());
    context_.feeds.each([](Feed& feed) { feed.pull(); });
    std::vector<uint64_t> written(2);
    uint64_t worst = 0;
    int steps = 0;
    for (uint64_t before = 0;
         painter_->prepare_some(*stage_, Painter::Lacking::first, 200'000, written); ++steps) {
        worst = std::max(worst, written[0] - before);
        before = written[0];
    }
    EXPECT_GE(steps, 11);
    EXPECT_LE(worst, 300'000u);
    const uint64_t before = pixels_written();
    FakeProducer::vouch(*surface_);
    step();
    EXPECT_EQ(at(screens_->read_display(0), 100, 100), kGreen);
    EXPECT_LT(pixels_written(), before + 1024 * 1024) << "not loaded again";
}

TEST_F(TexturePainter, OneThatChangesAllTheTimeIsPreparedAllTheSame) {
    show_panel();
    const uint32_t id = texture(2048, 1024, kGreen);
    surface::DrawList list;
    add_image(list, id, 0, 0, 300, 200);
    std::vector<uint64_t> written(2);
    int steps = 0;
    bool more = true;
    for (; more && steps < 1000; ++steps) {
        write(id, std::vector<uint32_t>(2048 * 1024, steps % 2 != 0 ? kRed : kBlue), 2048);
        ASSERT_TRUE(surface::publish_draw_list(*surface_->writer, list, 1, textures_.get()).ok());
        context_.feeds.each([](Feed& feed) { feed.pull(); });
        for (int i = 0; i < 3 && more; ++i)  // never enough of them to load it
            more = painter_->prepare_some(*stage_, Painter::Lacking::first, 200'000, written);
    }
    EXPECT_FALSE(more);
}

// 16 MiB in each picture, as fast as they are taken.
TEST_F(TexturePainter, AFloodOfThemIsTakenSoManyTimesASecond) {
    show_panel();
    stage_->set_on_air(true);
    const uint32_t id = texture(4096, 1024, kGreen);
    surface::DrawList list;
    add_image(list, id, 0, 0, 300, 200);
    const int64_t begun = base::mono_ns();  // before the first is taken, which takes its time, too
    publish(list);
    const Feed& feed = *stage_->tiles()[0].feed;
    const uint64_t first = feed.version();
    while (feed.version() < first + 3) {
        if (surface_->writer->taken()) {
            write(id, std::vector<uint32_t>(4096 * 1024, kRed), 4096);
            ASSERT_TRUE(
                surface::publish_draw_list(*surface_->writer, list, 1, textures_.get()).ok());
        }
        context_.feeds.pull(INT64_MAX);
        ASSERT_LT(base::mono_ns() - begun, 60 * base::kSecond);
    }
    EXPECT_GE(base::mono_ns() - begun, 3 * 60 * base::kMillisecond);
}

TEST_F(TexturePainter, AboveAVideoItIsDrawnToo) {
    show_panel();
    const uint32_t id = texture(20, 20, kBlue);
    surface::DrawList list;
    testing::add_rect(list, *atlas_, 0, 0, 400, 300, kRed);
    testing::add_video(list, "camera/A", {100, 100, 160, 90});
    add_image(list, id, 110, 110, 20, 20);
    publish(list);
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    step();
    const Pixels left = screens_->read_display(0);
    EXPECT_EQ(at(left, kEdge + 150, kEdge + 150), kGreen);
    EXPECT_EQ(at(left, kEdge + 115, kEdge + 115), kBlue);
}

TEST_F(TexturePainter, OneThatIsGoneIsLetGoAndItsNumberRefused) {
    show_panel();
    const uint32_t id = texture(20, 20, kBlue);
    surface::DrawList list;
    add_image(list, id, 0, 0, 20, 20);
    publish(list);
    EXPECT_EQ(at(screens_->read_display(0), 10, 10), kBlue);
    EXPECT_TRUE(textures_->destroy(id));
    publish({});
    EXPECT_EQ(at(screens_->read_display(0), 10, 10), kTile);
    publish(list);
    context_.feeds.each_link([](Link& link) {
        if (link.name != "panel:test") return;
        EXPECT_TRUE(link.cut_off);
        EXPECT_NE(link.cut_off_for.find("texture is not known"), std::string::npos);
    });
}

TEST_F(TexturePainter, ASuccessorsPictureIsItsOwnThoughItsNumbersAreTheSame) {
    show_panel();
    const uint32_t id = texture(20, 20, kBlue);
    surface::DrawList list;
    add_image(list, id, 0, 0, 20, 20);
    publish(list);
    textures_.reset();
    panel_ = FakeProducer::join(context_.feeds, "panel:test", 2);
    panel_->read();
    own_textures();
    EXPECT_EQ(texture(20, 20, kGreen), id);
    publish(list);
    EXPECT_EQ(at(screens_->read_display(0), 10, 10), kGreen);
}

}  // namespace
}  // namespace bw::compositor
