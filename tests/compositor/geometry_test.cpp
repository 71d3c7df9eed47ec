// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/geometry.h"

#include <gtest/gtest.h>

namespace bw::compositor {
namespace {

using surface::Fit;
using wall::RectPx;

config::Wall two_displays() {
    config::Wall wall;
    wall.viewing_distance_mm = 5000;
    wall.displays = {{"left", 0, 0, 1920, 1080, 1920, 1080},
                     {"right", 1940, 0, 1920, 1080, 1920, 1080}};
    return wall;
}

wall::ScenePane pane_at(wall::RectMm rect, bool caption = true) {
    wall::ScenePane pane;
    pane.id = "p";
    pane.rect = rect;
    pane.caption = caption;
    return pane;
}

TEST(Geometry, EdgeStripAndContentTileTheTile) {
    config::Wall wall = two_displays();
    TileGeometry g = place_tile(pane_at({100, 50, 400, 300}), wall);
    ASSERT_EQ(g.placements.size(), 1u);
    const Placement& at = g.placements[0];
    EXPECT_EQ(at.tile, (RectPx{100, 50, 400, 300}));
    EXPECT_EQ(at.strip.x, 101);
    EXPECT_EQ(at.strip.y, 51);
    EXPECT_EQ(at.strip.y + at.strip.height, at.clip.y);
    EXPECT_EQ(at.clip.y + at.clip.height, 349);
    EXPECT_EQ(g.width, 398);
    EXPECT_EQ(g.height, at.clip.height);
}

TEST(Geometry, WithoutACaptionTheContentFillsTheEdge) {
    TileGeometry g = place_tile(pane_at({0, 0, 400, 300}, false), two_displays());
    EXPECT_TRUE(g.placements[0].strip.empty());
    EXPECT_EQ(g.width, 398);
    EXPECT_EQ(g.height, 298);
}

TEST(Geometry, APictureWithoutACaptionFillsItsPane) {
    wall::ScenePane camera = pane_at({480, 270, 480, 270}, false);
    camera.kind = wall::Shows::source;
    camera.source = "camera/A";
    TileGeometry g = place_tile(camera, two_displays());
    EXPECT_FALSE(has_edge(camera));
    ASSERT_EQ(g.placements.size(), 1u);
    EXPECT_EQ(g.placements[0].clip, g.placements[0].tile);
    EXPECT_EQ(demanded_size({0, 0, g.width, g.height}), (Size{480, 270}));
    camera.caption = true;
    EXPECT_TRUE(has_edge(camera));
    EXPECT_EQ(place_tile(camera, two_displays()).width, 478);
}

TEST(Geometry, ATileAcrossTheBezelIsOnePictureOnBothDisplays) {
    TileGeometry g = place_tile(pane_at({1800, 0, 300, 200}, false), two_displays());
    ASSERT_EQ(g.placements.size(), 2u);
    EXPECT_EQ(g.width, 298);
    // The bezel hides 20 mm of it: the right display continues 1940 - 1801 pixels into the picture.
    EXPECT_EQ(g.placements[0].origin_x, 1801);
    EXPECT_EQ(g.placements[1].origin_x, 1801 - 1940);
    EXPECT_EQ(g.placements[1].clip.x, 0);
}

TEST(Geometry, ADisplayOfHalfTheDensityShowsThePictureScaled) {
    config::Wall wall = two_displays();
    wall.displays[1].width_px = 960;
    wall.displays[1].height_px = 540;
    TileGeometry g = place_tile(pane_at({1800, 0, 400, 200}, false), wall);
    ASSERT_EQ(g.placements.size(), 2u);
    EXPECT_EQ(g.placements[0].scale, 1);
    EXPECT_NEAR(g.placements[1].scale, 0.5, 0.01);
}

TEST(Geometry, APictureMadeForItsBoxIsCopiedNotScaled) {
    RectPx box{10, 20, 472, 284};
    RectPx dest = picture_rect(box, Fit::contain, {472, 266});
    EXPECT_EQ(dest.width, 472);
    EXPECT_EQ(dest.height, 266);
    EXPECT_EQ(dest.x, 10);
    EXPECT_EQ(dest.y, 20 + (284 - 266) / 2);
}

TEST(Geometry, CoverReachesBeyondTheBoxAndContainStaysInside) {
    RectPx box{0, 0, 300, 300};
    EXPECT_EQ(demanded_size(box), (Size{300, 300}));
    RectPx cover = picture_rect(box, Fit::cover, {640, 360});
    EXPECT_LT(cover.x, 0);
    EXPECT_EQ(cover.height, 300);
    RectPx contain = picture_rect(box, Fit::contain, {640, 360});
    EXPECT_EQ(contain.width, 300);
    EXPECT_EQ(contain.height, 169);
    EXPECT_EQ(picture_rect(box, Fit::stretch, {640, 360}), box);
}

// A crop covers its pane to the pixel, is not stretched, and keeps its focus in sight.
TEST(Geometry, ACropCoversItsPaneAndKeepsTheFocusInSight) {
    for (const Size picture : {Size{640, 360}, Size{1920, 1080}, Size{480, 640}, Size{301, 299}}) {
        for (const RectPx box : {RectPx{7, 9, 300, 300}, RectPx{-40, 3, 90, 400},
                                 RectPx{0, 0, 777, 100}, RectPx{5, 5, 640, 360}}) {
            for (double x = 0; x <= 1; x += 0.1) {
                for (double y = 0; y <= 1; y += 0.25) {
                    const RectPx dest = picture_rect(box, Fit::cover, picture, {x, y});
                    ASSERT_EQ(wall::intersect(dest, box), box);
                    ASSERT_TRUE(dest.width == box.width || dest.height == box.height ||
                                (dest.width == picture.width && dest.height == picture.height));
                    ASSERT_NEAR(
                        static_cast<double>(dest.width) / dest.height,
                        static_cast<double>(picture.width) / picture.height,
                        1.01 * picture.width / picture.height / dest.height + 1.0 / dest.height);
                    ASSERT_GE(dest.x + x * dest.width, box.x - 1);
                    ASSERT_LE(dest.x + x * dest.width, box.x + box.width + 1);
                    ASSERT_GE(dest.y + y * dest.height, box.y - 1);
                    ASSERT_LE(dest.y + y * dest.height, box.y + box.height + 1);
                }
            }
        }
    }
}

TEST(Geometry, APictureLargerThanCanBeDrawnIsAskedForSmallerInItsShape) {
    EXPECT_EQ(demanded_size({0, 0, 17280, 1080}, 16384), (Size{16384, 1024}));
    EXPECT_EQ(demanded_size({0, 0, 1080, 17280}, 8192), (Size{512, 8192}));
    EXPECT_EQ(demanded_size({5, 5, 8192, 4608}, 8192), (Size{8192, 4608}));
    EXPECT_EQ(demanded_size({0, 0, 30000, 10}), (Size{16384, 16}));
}

TEST(Geometry, APictureThatMediaCutForItsPaneIsCopiedInPlace) {
    const RectPx box{10, 20, 301, 477};
    EXPECT_EQ(picture_rect(box, Fit::cover, demanded_size(box), {0.1, 0.9}), box);
    EXPECT_EQ(picture_rect(box, Fit::stretch, demanded_size(box)), box);
}

TEST(Geometry, SeenIsWhatNoTileAboveCovers) {
    config::Wall wall = two_displays();
    TileGeometry below = place_tile(pane_at({1800, 0, 300, 200}), wall);
    TileGeometry above = place_tile(pane_at({1940, 0, 160, 100}), wall);
    TileGeometry beside = place_tile(pane_at({0, 0, 100, 100}), wall);
    std::vector<TileGeometry*> all{&below, &above, &beside};
    find_seen(all);
    ASSERT_EQ(below.placements.size(), 2u);
    EXPECT_EQ(below.placements[0].seen, (std::vector<RectPx>{below.placements[0].tile}));
    EXPECT_EQ(below.placements[1].seen, (std::vector<RectPx>{{0, 100, 160, 100}}));
    EXPECT_EQ(above.placements[0].seen, (std::vector<RectPx>{above.placements[0].tile}));
}

TEST(Geometry, WhatNoTileCoversIsFoundOnceAndWhole) {
    RectPx whole{0, 0, 60, 40};
    std::vector<RectPx> parts{{5, 5, 20, 20}, {30, 5, 25, 30}, {10, 20, 30, 10}, {55, 35, 20, 20}};
    std::vector<RectPx> left = uncovered(whole, parts);
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 60; ++x) {
            auto count = [&](const std::vector<RectPx>& in) {
                int n = 0;
                for (const RectPx& r : in) n += wall::intersect(r, {x, y, 1, 1}).empty() ? 0 : 1;
                return n;
            };
            EXPECT_EQ(count(left), count(parts) == 0 ? 1 : 0) << x << "," << y;
        }
    }
}

TEST(Geometry, TheWholeWallKeepsItsGapsAndFitsTheLimit) {
    WallView view = wall_view(two_displays(), {16384, 16384});
    EXPECT_EQ(view.size, (Size{3860, 1080}));
    EXPECT_EQ(view.places[1], (RectPx{1940, 0, 1920, 1080}));
    WallView small = wall_view(two_displays(), {1280, 720});
    EXPECT_EQ(small.size.width, 1280);
    EXPECT_LE(small.size.height, 720);
}

}  // namespace
}  // namespace bw::compositor
