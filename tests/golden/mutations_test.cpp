// SPDX-License-Identifier: Apache-2.0
// The suite can fail: each of these small lies, told on the way to the painter, must be seen.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/compositor/pen.h"
#include "tests/golden/book.h"
#include "tests/golden/sites.h"
#include "tests/golden/states.h"

namespace bw::golden {
namespace {

using compositor::Freshness;
using compositor::Stage;
using compositor::Tile;

// The level yellow of design tokens, #FFD400, and #FFBE00: a difference of 13 in CIE Lab, seen at
// once side by side and still called yellow by itself.
constexpr uint32_t kYellow = 0xFF00D4FF, kYellowOff = 0xFF00BEFF;

// Tests alone may reach behind the stage.
std::vector<Tile>& tiles_of(Stage& stage) {
    return const_cast<std::vector<Tile>&>(stage.tiles());
}

/// Differences of one display of the demo's first layout, drawn from a changed scene.
class Demo : public ::testing::Test {
  protected:
    void SetUp() override {
        if (Book::get().approving()) GTEST_SKIP();
        layout_ = &demo_.site.first_layout();
    }
    Difference of(size_t display, const std::function<void(wall::Scene&)>& change,
                  const Rig::SpoilStage& spoil = {}, const Rig::SpoilGlyphs& glyphs = {}) {
        auto rig = rig_for(demo_, glyphs);
        wall::Scene scene = wall::resolve(demo_.site, *layout_);
        if (change) change(scene);
        rig->show(std::move(scene));
        return Book::get().against(picture_name(demo_, *layout_, demo_.site.wall.displays[display]),
                                   shrink(rig->paint(spoil)[display], demo_.shrink));
    }
    const ShippedSite& demo_ = shipped_site("demo");
    const config::Layout* layout_ = nullptr;
};

TEST_F(Demo, UnchangedItIsTheApprovedPicture) {
    EXPECT_TRUE(of(0, {}).tolerable());
    EXPECT_TRUE(of(1, {}).tolerable());
}

TEST_F(Demo, APaneShiftedByTwoPixelsIsSeen) {
    const config::Display& display = demo_.site.wall.displays.front();
    const double two_pixels = 2 * display.width_mm / display.width_px;
    auto shift = [&](wall::Scene& scene) {
        for (wall::ScenePane& pane : scene.panes) {
            if (pane.id == "cam-06" || pane.id == "teams") pane.rect.x += two_pixels;
        }
    };
    EXPECT_FALSE(of(0, shift).tolerable());
    EXPECT_FALSE(of(1, shift).tolerable());
}

/// Takes the ink out of a character in every face.
Rig::SpoilGlyphs without(char32_t code) {
    return [code](std::span<std::byte> bytes) {
        auto atlas = std::move(text::Atlas::view(bytes).value());
        auto* pixels = const_cast<std::byte*>(atlas->pixels().data());
        for (const text::Face& face : atlas->faces()) {
            const text::Glyph* glyph = face.find(code);
            if (glyph == nullptr) continue;
            auto px = [](float share, uint32_t side) {
                return static_cast<size_t>(std::lround(share * static_cast<float>(side)));
            };
            for (size_t y = px(glyph->v0, atlas->height()); y < px(glyph->v1, atlas->height()); ++y)
                std::fill_n(pixels + y * atlas->width() + px(glyph->u0, atlas->width()),
                            px(glyph->u1, atlas->width()) - px(glyph->u0, atlas->width()),
                            std::byte{0});
        }
    };
}

TEST_F(Demo, AMissingGlyphIsSeen) {
    EXPECT_FALSE(of(0, {}, {}, without(U'云')).tolerable());  // in a caption
    EXPECT_FALSE(of(1, {}, {}, without(U'库')).tolerable());  // in panels
}

TEST_F(Demo, AWrongLevelColourIsSeen) {
    bool met = false;
    auto repaint = [&](Stage& stage, const text::Atlas&) {
        for (Tile& tile : tiles_of(stage)) {
            if (!tile.feed) continue;
            auto& list = const_cast<surface::DrawList&>(tile.feed->list());
            for (surface::Vertex& vertex : list.vertices) {
                if (vertex.rgba != kYellow) continue;
                vertex.rgba = kYellowOff;
                met = true;
            }
        }
    };
    EXPECT_FALSE(of(1, {}, repaint).tolerable());
    EXPECT_TRUE(met) << "no level yellow in the picture: choose another colour";
}

class Marks : public ::testing::TestWithParam<TileState> {
  protected:
    void SetUp() override {
        if (Book::get().approving()) GTEST_SKIP();
    }
};

// The first camera looks live though it is not.
TEST_P(Marks, AMissingMarkIsSeen) {
    const TileState& state = GetParam();
    auto hide = [](Stage& stage, const text::Atlas& atlas) {
        Tile& tile = tiles_of(stage).front();
        compositor::TileLook look = tile.furniture.front().look;
        ASSERT_NE(look.freshness, Freshness::live);
        look.freshness = Freshness::live;
        tile.furniture.front() = compositor::draw_tile(look, atlas);
    };
    Difference difference = Book::get().against(state.picture_name(), paint_state(state, hide));
    EXPECT_FALSE(difference.tolerable());
}

INSTANTIATE_TEST_SUITE_P(Of, Marks,
                         ::testing::Values(TileState{Freshness::late}, TileState{Freshness::frozen},
                                           TileState{Freshness::lost}),
                         [](const auto& param) {
                             return std::string(compositor::freshness_word(param.param.freshness));
                         });

TEST_F(Demo, AMissingExerciseBandIsSeen) {
    auto hide = [](Stage& stage, const text::Atlas& atlas) {
        for (Tile& tile : tiles_of(stage)) {
            for (compositor::Furniture& worn : tile.furniture) {
                compositor::TileLook look = worn.look;
                look.exercise = false;
                worn = compositor::draw_tile(look, atlas);
            }
        }
    };
    EXPECT_FALSE(of(0, {}, hide).tolerable());
}

/// An exercise and a replay that look live.
class Bands : public Marks {};

TEST_P(Bands, AMissingBandIsSeenOnEachTile) {
    const TileState& state = GetParam();
    size_t tiles = 1;
    for (size_t each = 0; each < tiles; ++each) {
        auto hide = [&](Stage& stage, const text::Atlas& atlas) {
            tiles = stage.tiles().size();
            for (compositor::Furniture& worn : tiles_of(stage)[each].furniture) {
                compositor::TileLook look = worn.look;
                ASSERT_NE(look.band, compositor::Band::none);
                look.band = compositor::Band::none;
                worn = compositor::draw_tile(look, atlas);
            }
        };
        const auto difference = Book::get().against(state.picture_name(), paint_state(state, hide));
        EXPECT_FALSE(difference.tolerable()) << "tile " << each;
    }
    EXPECT_EQ(tiles, 7u);
}

INSTANTIATE_TEST_SUITE_P(
    Of, Bands,
    ::testing::Values(TileState{Freshness::live, "zh", true, false, compositor::Band::exercise},
                      TileState{Freshness::live, "en", true, false, compositor::Band::replay}),
    [](const auto& param) {
        return std::string(param.param.band == compositor::Band::replay ? "replay" : "exercise");
    });

}  // namespace
}  // namespace bw::golden
