// SPDX-License-Identifier: Apache-2.0
// What every tile wears whatever its state, and what the wall strip finds room for.
#include "core/compositor/tile.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>

#include "core/compositor/pen.h"
#include "core/compositor/words.h"
#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {
namespace {

constexpr Freshness kStates[] = {Freshness::live, Freshness::late,     Freshness::frozen,
                                 Freshness::lost, Freshness::starting, Freshness::error,
                                 Freshness::none};

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
        look.has_picture = freshness != Freshness::starting && freshness != Freshness::none;
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

std::u32string code_points(std::string_view utf8) {
    std::u32string out;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out.push_back(byte);
        else if (byte >= 0xC0)
            out.push_back(byte & (byte >= 0xE0 ? 0x0F : 0x1F));
        else
            out.back() = out.back() << 6 | (byte & 0x3F);
    }
    return out;
}

/// Corners of letters: what does not sample the white texel.
int ink(const surface::DrawList& list, const text::Atlas& atlas) {
    int count = 0;
    for (const surface::Vertex& v : list.vertices)
        count += v.u != atlas.white_u() || v.v != atlas.white_v() ? 1 : 0;
    return count;
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

// In the host's own strip where there is one, else across a corner: whatever the state, and the
// word is whole.
TEST_F(TileTest, TheBandOfASpaceStandsOnEveryTileWithItsWord) {
    for (Freshness state : kStates) {
        for (bool strip : {true, false}) {
            for (Band band : {Band::exercise, Band::replay}) {
                for (const char* language : {"zh", "en"}) {
                    TileLook look = look_of(state, strip);
                    look.language = language;
                    look.band = band;
                    const Furniture ground = draw_tile(look, *atlas_);
                    look.band_word = true;
                    const Furniture worn = draw_tile(look, *atlas_);
                    const surface::DrawList& list = strip ? worn.frame : worn.over;
                    const surface::DrawList& bare = strip ? ground.frame : ground.over;
                    const std::string where = std::string(freshness_word(state)) + language;
                    const int letters = language == std::string("zh") ? 2 : 6;
                    EXPECT_GT(in_colour(list, colour::kExercise), 3) << where;
                    EXPECT_GE(ink(list, *atlas_), ink(bare, *atlas_) + 4 * letters) << where;
                    EXPECT_FALSE(strip && in_colour(worn.over, colour::kExercise) > 0)
                        << "over the picture: " << where;
                }
            }
        }
    }
}

TEST_F(TileTest, TheBandFitsATileOfAnySize) {
    for (const int width : {40, 80, 150, 300, 600, 1900}) {
        for (const int height : {40, 76, 150, 300, 1000}) {
            TileLook look = look_of(Freshness::live, false);
            look.tile = look.content = {0, 0, width, height};
            look.band = Band::exercise;
            look.band_word = true;
            const Furniture worn = draw_tile(look, *atlas_);
            EXPECT_GE(in_colour(worn.over, colour::kExercise), 4) << width << "x" << height;
            for (const surface::DrawCommand& command : worn.over.commands) {
                EXPECT_GE(command.clip_x0, 0);
                EXPECT_LE(command.clip_x1, static_cast<float>(width));
                EXPECT_LE(command.clip_y1, static_cast<float>(height));
            }
            // The middle of the picture stays free where there is room for it.
            if (width < 300 || height < 300) continue;
            for (const surface::Vertex& v : worn.over.vertices)
                EXPECT_GT(v.x + v.y, static_cast<float>(width + height) * 0.55f)
                    << width << "x" << height;
        }
    }
}

TEST_F(TileTest, TheStripSaysWhichSpaceItIsAndKeepsTheLayoutsName) {
    StripLook look;
    look.rect = {0, 440, 900, 40};
    look.language = "zh";
    look.clock = "14:05";
    look.site = "大厅";
    look.layout = "总览";
    const Strip plain = draw_strip(look, *atlas_);
    EXPECT_EQ(in_colour(plain.list, colour::kExercise), 0);
    look.space = {Band::replay, "七月洪水", "6 月 30 日 12:00 ×10"};
    const Strip told = draw_strip(look, *atlas_);
    EXPECT_GT(in_colour(told.list, colour::kExercise), 8);
    EXPECT_GT(ink(told.list, *atlas_), ink(plain.list, *atlas_) + 4 * 18);
    EXPECT_FALSE(is_cut(told.list, *atlas_));
    look.rect.width = 420;
    look.trouble = "1 处异常 · 甲";
    look.space.title = std::string(200, 'x');  // gives way
    const Strip narrow = draw_strip(look, *atlas_);
    EXPECT_GT(in_colour(narrow.list, colour::kExercise), 8);
    for (const surface::Vertex& v : narrow.list.vertices) {
        const bool letter = v.u != atlas_->white_u() || v.v != atlas_->white_v();
        EXPECT_TRUE(!letter || (v.x >= 0 && v.x <= 420)) << v.x;
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

TEST_F(TileTest, TheStripSaysWhatIsWrongWithTheJournalBesideWhatIsNotLive) {
    for (const auto& [language, disk] : std::initializer_list<std::pair<std::string, std::string>>{
             {"zh", "ailing"}, {"en", "ailing"}, {"zh", "scarce"}, {"en", "scarce"}}) {
        StripLook look;
        look.rect = {0, 440, 900, 40};
        look.language = language;
        look.clock = "14:05";
        look.layout = "A";
        const auto drawn = [&] { return ink(draw_strip(look, *atlas_).list, *atlas_); };
        const auto calm = drawn();
        look.trouble = "2 · B, C";
        look.worst = Freshness::lost;
        const auto trouble = drawn() - calm;
        look.trouble.clear();
        look.journal = disk_text(disk, words(language));
        const auto journal = drawn() - calm;
        look.trouble = "2 · B, C";
        EXPECT_GT(trouble, 0);
        EXPECT_GT(journal, 0);
        EXPECT_EQ(drawn(), calm + trouble + journal) << language << disk;
        EXPECT_FALSE(is_cut(draw_strip(look, *atlas_).list, *atlas_)) << language << disk;
        look.rect.width = 420;
        EXPECT_GT(drawn(), calm) << "both give way, none goes";
    }
}

TEST_F(TileTest, TheStripTellsWhatToLookAtInTheColourOfItsLevel) {
    StripLook look;
    look.rect = {0, 440, 900, 40};
    look.language = "zh";
    look.clock = "14:05";
    look.layout = "总览";
    const auto bar = [&](uint32_t rgba) { return in_colour(draw_strip(look, *atlas_).list, rgba); };
    for (int level = 1; level <= 4; ++level) EXPECT_EQ(bar(colour::level(level)), 0);
    for (int level = 1; level <= 4; ++level) {
        look.attention = "关注 2 · I 级 · 超警戒水位";
        look.level = level;
        for (int other = 1; other <= 4; ++other)
            EXPECT_EQ(bar(colour::level(other)) > 0, other == level) << level << other;
    }
    // Beside an exercise and trouble, on a narrow display, it still has its bar.
    look.exercise = true;
    look.trouble = "1 处异常 · A";
    look.worst = Freshness::lost;
    look.rect.width = 420;
    EXPECT_GT(bar(colour::level(4)), 0);
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

// A struct of nothing but texts: a word that one language lacks, or that the glyphs lack, is seen.
TEST_F(TileTest, EveryWordIsThereInBothLanguagesAndHasItsGlyphs) {
    static_assert(sizeof(Words) % sizeof(const char*) == 0);
    using All = std::array<const char*, sizeof(Words) / sizeof(const char*)>;
    const auto zh = std::bit_cast<All>(words("zh")), en = std::bit_cast<All>(words("en"));
    for (size_t i = 0; i < zh.size(); ++i) {
        ASSERT_TRUE(zh[i] != nullptr && en[i] != nullptr) << i;
        EXPECT_EQ(zh[i][0] == 0, en[i][0] == 0) << zh[i] << en[i];
        if (zh[i][0] == 0) continue;
        EXPECT_STRNE(zh[i], en[i]);
        for (const char* word : {zh[i], en[i]})
            for (const char32_t code : code_points(word))
                EXPECT_NE(atlas_->face(text::Role::caption).find(code), nullptr)
                    << word << ": " << static_cast<uint32_t>(code);
    }
}

}  // namespace
}  // namespace bw::compositor
