// SPDX-License-Identifier: Apache-2.0
// Pictures of cameras on both ways of drawing: planes, matrices, pages; and that the ways agree.
#include <algorithm>
#include <cstdlib>

#include "core/compositor/gl_pictures.h"
#include "tests/compositor/painter_fixture.h"

namespace bw::compositor {
namespace {

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
    auto pane = testing::source_pane("A", {0, 0, 320, 180});
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
                                             {i % 3 * 170.0, i / 3 * 110.0, 160, 90}));
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

void publish_white(FakeProducer::Surface& surface) {
    const auto& size = surface.configure;
    const int width = static_cast<int>(size.width), height = static_cast<int>(size.height);
    if (size.kind == surface::SlotKind::rgba)
        return FakeProducer::fill(surface, 0xFFFFFFFF, width, height);
    Planes planes{width, height, std::vector<uint8_t>(size_t{size.width} * size.height, 235)};
    planes.bytes.insert(planes.bytes.end(),
                        2 * ((size_t{size.width} + 1) / 2) * ((size_t{size.height} + 1) / 2), 128);
    publish(surface, planes, 1);
}

// What a camera shows now never reaches a pixel of a replay: not from the scene before, not from a
// picture that is still on its way, not through a panel.
TEST_F(PainterTest, NoPixelOfAReplayIsACamerasPicture) {
    for (const PainterKind kind : {PainterKind::software, PainterKind::gpu}) {
        use(kind);
        auto scene = [](std::optional<wall::SceneSpace> space) {
            auto bare = testing::source_pane("A", {0, 200, 200, 150});
            bare.id = "bare";
            bare.caption = false;
            wall::Scene out = testing::scene_of({testing::source_pane("A", {0, 0, 200, 150}), bare,
                                                 testing::panel_pane("p", {200, 0, 400, 300})},
                                                "");
            wall::put_into(out, std::move(space));
            return out;
        };
        const auto play = [&] {
            for (auto& [number, surface] : media_->surfaces) publish_white(surface);
            for (auto& [number, surface] : panel_->surfaces) {
                if (!surface.writer->taken_or_awaited()) continue;
                surface::DrawList list;
                testing::add_video(list, "camera/A", {8, 8, 300, 200});
                FakeProducer::draw(surface, list);
            }
            step();
        };
        const auto cameras = [&] {  // pixels of their picture
            const Pixels now = screens_->read_display(0);
            int count = 0;
            for (int y = 0; y < now.height; ++y)
                for (int x = 0; x < now.width; ++x) count += at(now, x, y) == 0xFFFFFFFF ? 1 : 0;
            return count;
        };
        show(scene({}));
        for (int i = 0; i < 3; ++i) play();
        ASSERT_GT(cameras(), 60'000);
        auto before = std::move(stage_);
        stage_ = std::make_unique<Stage>(
            scene(wall::SceneSpace{"flood", wall::SceneSpace::Kind::replay, {}, 1, 1, 1}),
            context_);
        screens_->damage_all();
        for (int i = 0; i < 3; ++i) {
            play();  // the old scene's cameras play on, as while a take is under way
            EXPECT_LT(cameras(), 3'000) << "more than letters and marks";
        }
        before.reset();
        play();
        EXPECT_TRUE(media_->surfaces.empty());
        EXPECT_LT(cameras(), 3'000);
    }
}

}  // namespace
}  // namespace bw::compositor
