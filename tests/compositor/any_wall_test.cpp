// SPDX-License-Identifier: Apache-2.0
// Tiles on any wall: what a producer draws lands where it belongs, on displays of any pitch.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/compositor/geometry.h"
#include "core/wall/geometry.h"
#include "tests/wall/walls.h"

namespace bw::compositor {
namespace {

using wall::RectMm;

wall::ScenePane over(const RectMm& all, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> share(0, 0.4);
    wall::ScenePane pane;
    pane.id = "p";
    pane.caption = seed % 2 == 0;
    pane.rect = {all.x + all.width * share(random), all.y + all.height * share(random),
                 all.width * (0.2 + share(random)), all.height * (0.2 + share(random))};
    return pane;
}

/// The densest display that shows it: its pixels are the content's.
const config::Display& dense_of(const wall::ScenePane& pane, const config::Wall& wall) {
    const config::Display* best = nullptr;
    for (const config::Display& d : wall.displays)
        if (!wall::on_display(pane.rect, d).empty() &&
            (!best || d.width_px / d.width_mm > best->width_px / best->width_mm * 1.0001))
            best = &d;
    return *best;
}

TEST(AnyWall, a_straight_line_in_a_picture_is_straight_across_all_displays_that_show_it) {
    int placed = 0;
    for (const bool compensation : {true, false})
        for (unsigned seed = 1; seed <= 150; ++seed) {
            const config::Wall wall = wall::test::random_hall(seed, compensation);
            const wall::ScenePane pane = over(wall::canvas(wall), seed);
            const TileGeometry g = place_tile(pane, wall);
            if (g.placements.empty()) continue;
            const config::Display& dense = dense_of(pane, wall);
            const wall::RectPx tile = wall::project(pane.rect, dense);
            const double pitch = dense.width_mm / dense.width_px;
            const int edge_y = tile.height - 1 - g.height;  // edge and caption above the content
            for (const Placement& at : g.placements) {
                const config::Display& d = wall.displays[at.display];
                for (int i = 0; i <= 50; ++i) {
                    // A point of a diagonal, as the producer draws it, and as millimetres.
                    const double x = g.width * i / 50.0, y = g.height * i / 50.0;
                    const double mm_x = pane.rect.x + (x + 1) * pitch;
                    const double mm_y = pane.rect.y + (y + edge_y) * pitch;
                    const wall::PointPx wanted = wall::exact_place(mm_x, mm_y, d);
                    EXPECT_NEAR(at.origin_x + x * at.scale, wanted.x, 0.56)
                        << d.name << ", seed " << seed;
                    EXPECT_NEAR(at.origin_y + y * at.scale, wanted.y, 0.56)
                        << d.name << ", seed " << seed;
                    ++placed;
                }
            }
        }
    EXPECT_GT(placed, 1000);
}

TEST(AnyWall, a_picture_over_closed_up_displays_shows_every_pixel_once) {
    for (unsigned seed = 1; seed <= 200; ++seed) {
        const config::Wall wall = wall::test::even_hall(seed, false);
        wall::ScenePane pane = over(wall::canvas(wall), seed);
        const TileGeometry g = place_tile(pane, wall);
        long shown = 0;
        for (const Placement& at : g.placements) {
            ASSERT_EQ(at.scale, 1) << "seed " << seed;
            shown += static_cast<long>(at.clip.width) * at.clip.height;
            for (const Placement& other : g.placements) {
                if (other.display <= at.display) continue;
                const auto mine = wall::RectPx{at.clip.x - at.origin_x, at.clip.y - at.origin_y,
                                               at.clip.width, at.clip.height};
                const auto its =
                    wall::RectPx{other.clip.x - other.origin_x, other.clip.y - other.origin_y,
                                 other.clip.width, other.clip.height};
                EXPECT_TRUE(wall::intersect(mine, its).empty()) << "doubled, seed " << seed;
            }
        }
        EXPECT_EQ(shown, static_cast<long>(g.width) * g.height) << "lost, seed " << seed;
    }
}

TEST(AnyWall, keepouts_are_the_content_pixels_that_no_display_shows) {
    for (unsigned seed = 1; seed <= 200; ++seed) {
        const config::Wall wall = wall::test::even_hall(seed, true);
        const wall::ScenePane pane = over(wall::canvas(wall), seed);
        const TileGeometry g = place_tile(pane, wall);
        std::mt19937 random(seed);
        std::uniform_int_distribution<int> x(0, g.width - 1), y(0, g.height - 1);
        for (int i = 0; i < 400; ++i) {
            const wall::RectPx pixel{x(random), y(random), 1, 1};
            bool shown = false, kept = false, beside = false;
            for (const Placement& at : g.placements)
                shown |= !wall::intersect(at.on_display(pixel), at.clip).empty();
            for (const wall::RectPx& bare : g.keepouts) {
                kept |= !wall::intersect(bare, pixel).empty();
                // Displays round to their own pixels: the strip's own edge may belong to either.
                const wall::RectPx near{bare.x - 1, bare.y - 1, bare.width + 2, bare.height + 2};
                beside |= !wall::intersect(near, pixel).empty();
            }
            if (!shown) {
                EXPECT_TRUE(kept || beside) << "seed " << seed;
            } else if (kept) {
                const wall::RectPx grown{pixel.x - 1, pixel.y - 1, 3, 3};
                bool edge = false;
                for (const wall::RectPx& bare : g.keepouts)
                    edge |= wall::intersect(bare, grown) != grown;
                EXPECT_TRUE(edge) << "the middle of a strip is shown, seed " << seed;
            }
        }
    }
}

}  // namespace
}  // namespace bw::compositor
