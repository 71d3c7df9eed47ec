// SPDX-License-Identifier: Apache-2.0
// What every tile wears whatever its state, and what the wall strip finds room for.
#include "core/compositor/tile.h"

#include <gtest/gtest.h>

#include "core/compositor/pen.h"
#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {
namespace {

constexpr Freshness kStates[] = {Freshness::live, Freshness::late,     Freshness::frozen,
                                 Freshness::lost, Freshness::starting, Freshness::error};

class TileTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto atlas = text::Atlas::map(testing::atlas_fd());
        ASSERT_TRUE(atlas.ok()) << atlas.error().text;
        atlas_ = std::move(*atlas);
    }
    static TileLook look_of(Freshness freshness, bool strip) {
        TileLook look;
        look.tile = {0, 0, 400, 300};
        look.strip = strip ? wall::RectPx{1, 1, 398, 26} : wall::RectPx{};
        look.content = strip ? wall::RectPx{1, 27, 398, 272} : wall::RectPx{1, 1, 398, 298};
        look.language = "en";
        look.id = "A";
        look.name = "Alpha";
        look.freshness = freshness;
        look.has_picture = freshness != Freshness::starting;
        return look;
    }
    [[nodiscard]] size_t vertices(const TileLook& look) const {
        Furniture worn = draw_tile(look, *atlas_);
        return worn.frame.vertices.size() + worn.over.vertices.size();
    }
    std::unique_ptr<text::Atlas> atlas_;
};

int in_colour(const surface::DrawList& list, uint32_t rgba) {
    int count = 0;
    for (const surface::Vertex& v : list.vertices) count += v.rgba == rgba ? 1 : 0;
    return count;
}

TEST_F(TileTest, TheExerciseBandStandsOnEveryTile) {
    for (Freshness state : kStates) {
        for (bool strip : {true, false}) {
            TileLook look = look_of(state, strip);
            Furniture calm = draw_tile(look, *atlas_);
            EXPECT_EQ(in_colour(calm.frame, colour::kExercise), 0);
            EXPECT_EQ(in_colour(calm.over, colour::kExercise), 0);
            look.exercise = true;
            Furniture drill = draw_tile(look, *atlas_);
            EXPECT_GT(in_colour(strip ? drill.frame : drill.over, colour::kExercise), 8)
                << freshness_word(state) << (strip ? " with" : " without") << " a strip";
        }
    }
}

TEST_F(TileTest, ThePageMarkStandsOnEveryTileThatHasOne) {
    for (Freshness state : kStates) {
        for (bool strip : {true, false}) {
            TileLook look = look_of(state, strip);
            const size_t without = vertices(look);
            look.page = "2/3";
            EXPECT_GE(vertices(look), without + 12) << freshness_word(state);
        }
    }
}

TEST_F(TileTest, CardsSayWhyAndWhatHappensNext) {
    for (Freshness state : {Freshness::lost, Freshness::error}) {
        TileLook look = look_of(state, true);
        const size_t bare = vertices(look);
        look.reason = "connection refused";
        const size_t why = vertices(look);
        EXPECT_GT(why, bare + 4 * 10) << freshness_word(state);
        look.next = "5 s until next try";
        EXPECT_GT(vertices(look), why + 4 * 8) << freshness_word(state);
    }
}

TEST_F(TileTest, TheStripHasRoomForHoldsAndNeverLosesTrouble) {
    StripLook look;
    look.rect = {0, 440, 900, 40};
    look.language = "en";
    look.clock = "14:05";
    look.site = "Hall";
    look.layout = "Overview";
    auto drawn = [this](const StripLook& strip) {
        return draw_strip(strip, *atlas_).list.vertices.size();
    };
    const size_t calm = drawn(look);
    look.holds = {"Main wall · held by Duty chief, until 14:30"};
    const size_t held = drawn(look);
    EXPECT_GT(held, calm + 4 * 20);
    look.trouble = "1 not live · A";
    look.worst = Freshness::lost;
    EXPECT_GT(drawn(look), calm + 4 * 8);
    // On a narrow display the words about holds give way, the trouble stays.
    look.rect.width = 420;
    const size_t narrow = drawn(look);
    look.trouble.clear();
    EXPECT_GT(narrow, drawn(look));
}

}  // namespace
}  // namespace bw::compositor
