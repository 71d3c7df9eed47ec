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

// Corners of the "…" that cut text ends on.
bool is_cut(const surface::DrawList& list, const text::Atlas& atlas) {
    for (const text::Face& face : atlas.faces()) {
        const text::Glyph* dots = face.find(0x2026);
        for (const surface::Vertex& v : list.vertices)
            if (dots != nullptr && v.u == dots->u0 && v.v == dots->v0) return true;
    }
    return false;
}

TEST_F(TileTest, ASmallTileSaysItsStateInAWholeWord) {
    for (const char* language : {"zh", "en"}) {
        for (Freshness state : {Freshness::lost, Freshness::error, Freshness::starting}) {
            for (bool source : {true, false}) {
                TileLook look = look_of(state, false);
                look.tile = {0, 0, 150, 76};
                look.content = {1, 1, 148, 74};
                look.language = language;
                look.is_source = source;
                look.age = "3 min 12 s";
                const Furniture worn = draw_tile(look, *atlas_);
                EXPECT_FALSE(is_cut(worn.over, *atlas_)) << language << freshness_word(state);
                for (const surface::Vertex& v : worn.over.vertices) {
                    const bool ink = v.u != atlas_->white_u() || v.v != atlas_->white_v();
                    EXPECT_TRUE(!ink || (v.y >= 1 && v.y <= 75)) << freshness_word(state);
                }
            }
        }
    }
}

TEST_F(TileTest, ANarrowStripKeepsTheLayoutsNameWhole) {
    StripLook look;
    look.rect = {0, 440, 420, 40};
    look.language = "zh";
    look.clock = "14:05";
    look.date = "7 月 21 日 星期二";
    look.site = "会商室（演练）";
    look.layout = "总览";
    look.exercise = true;
    EXPECT_FALSE(is_cut(draw_strip(look, *atlas_).list, *atlas_));
    // What is on air is there: without it there is less.
    const size_t all = draw_strip(look, *atlas_).list.vertices.size();
    look.layout.clear();
    look.date.clear();
    look.site.clear();
    EXPECT_GT(all, draw_strip(look, *atlas_).list.vertices.size() + 4 * 3);
}

TEST_F(TileTest, NoEdgeIsDrawnOverThePictureWhereATileGoesOnBeyondTheDisplay) {
    TileLook look = look_of(Freshness::live, true);
    look.strip = {1, 1, 399, 26};  // to the right edge of the display
    look.content = {1, 27, 399, 272};
    look.id = look.name = "";
    for (const surface::Vertex& v : draw_tile(look, *atlas_).frame.vertices) {
        if (v.rgba != colour::kLine || (v.y > 25 && v.y < 28)) continue;  // the caption's rule
        EXPECT_TRUE(v.x <= 1 || v.y <= 1 || v.y >= 299) << v.x << ", " << v.y;
    }
}

}  // namespace
}  // namespace bw::compositor
