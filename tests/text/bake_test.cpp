// SPDX-License-Identifier: Apache-2.0
// What the atlas must have: every character that a shipped text uses.
#include <gtest/gtest.h>
#include <iconv.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/text/rasterize.h"
#include "shared_atlas.h"

namespace bw::text {
namespace {

using test::shared_atlas;

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::filesystem::path source() {
    const char* from = std::getenv("BEACONWALL_SOURCE");
    return from != nullptr ? from : ".";
}

std::set<char32_t> missing(Role role, std::string_view utf8) {
    std::set<char32_t> out;
    for (char32_t code : decode(utf8)) {
        if (code > 0x20 && code != 0xFFFD && !shared_atlas().has(role, code)) out.insert(code);
    }
    return out;
}

std::string names(const std::set<char32_t>& codes) {
    std::string text;
    for (char32_t code : codes) {
        char hex[16];
        std::snprintf(hex, sizeof hex, " U+%04X", static_cast<unsigned>(code));
        text += hex;
    }
    return text;
}

TEST(Bake, EveryListedCharacterIsInEveryTextRole) {
    for (const char* list : {"gb2312.txt", "extra.txt"}) {
        std::string text = read(source() / "assets/characters" / list);
        ASSERT_FALSE(text.empty()) << list;
        for (Role role : {Role::caption, Role::body, Role::title}) {
            auto gone = missing(role, text);
            EXPECT_TRUE(gone.empty()) << list << " role " << static_cast<int>(role) << names(gone);
        }
    }
    std::string numbers = read(source() / "assets/characters/numbers.txt");
    for (Role role : {Role::number, Role::display}) {
        auto gone = missing(role, numbers + "0123456789+-.,:/% mst");
        EXPECT_TRUE(gone.empty()) << names(gone);
    }
}

/// The hanzi of GB 2312-80 as the C library knows them: rows 16 to 55 are level 1, 56 to 87
/// level 2.
std::string gb2312_rows(int first, int last) {
    std::string coded;
    for (int row = first; row <= last; ++row) {
        for (int cell = 1; cell <= 94; ++cell) {
            if (row == 55 && cell > 89) continue;  // five places stand empty
            coded += static_cast<char>(0xA0 + row);
            coded += static_cast<char>(0xA0 + cell);
        }
    }
    std::string out(coded.size() * 2, '\0');
    iconv_t to = iconv_open("UTF-8", "EUC-CN");
    char *from = coded.data(), *at = out.data();
    size_t left = coded.size(), room = out.size();
    EXPECT_EQ(iconv(to, &from, &left, &at, &room), 0u);
    iconv_close(to);
    out.resize(out.size() - room);
    return out;
}

TEST(Bake, Gb2312IsWhole) {
    std::string level_1 = gb2312_rows(16, 55), level_2 = gb2312_rows(56, 87);
    EXPECT_EQ(decode(level_1).size(), 3755u);
    EXPECT_EQ(decode(level_2).size(), 3008u);
    for (Role role : {Role::caption, Role::body, Role::title}) {
        auto gone = missing(role, level_1 + level_2);
        EXPECT_TRUE(gone.empty()) << static_cast<int>(role) << names(gone);
        for (char32_t code : decode(level_1 + level_2))
            EXPECT_TRUE(shared_atlas().face(role).find(code)->visible()) << static_cast<int>(code);
    }
}

TEST(Bake, DigitsHaveOneWidth) {
    for (const Face& face : shared_atlas().faces()) {
        for (char digit = '1'; digit <= '9'; ++digit)
            EXPECT_EQ(face.find(static_cast<uint32_t>(digit))->advance, face.find('0')->advance);
    }
}

TEST(Bake, GlyphsHaveInkInsideTheirOwnPlace) {
    const Atlas& atlas = shared_atlas();
    for (const Face& face : atlas.faces()) {
        for (const Glyph& glyph : face.glyphs) {
            if (!glyph.visible()) continue;
            auto x0 = static_cast<uint32_t>(std::lround(glyph.u0 * float(atlas.width())));
            auto x1 = static_cast<uint32_t>(std::lround(glyph.u1 * float(atlas.width())));
            auto y0 = static_cast<uint32_t>(std::lround(glyph.v0 * float(atlas.height())));
            auto y1 = static_cast<uint32_t>(std::lround(glyph.v1 * float(atlas.height())));
            ASSERT_LE(x1, atlas.width());
            ASSERT_LE(y1, atlas.height());
            ASSERT_EQ(float(x1 - x0), glyph.x1 - glyph.x0);
            bool ink = false;
            for (uint32_t y = y0; y < y1 && !ink; ++y)
                for (uint32_t x = x0; x < x1 && !ink; ++x)
                    ink = atlas.pixels()[size_t{y} * atlas.width() + x] != std::byte{0};
            EXPECT_TRUE(ink) << "U+" << std::hex << glyph.codepoint();
        }
    }
}

TEST(Bake, RefusesImpossibleScalesAndPlaces) {
    EXPECT_EQ(bake("/tmp/none.bin", 0).error().code, "invalid");
    EXPECT_EQ(bake("/tmp/none.bin", -1).error().code, "invalid");
    EXPECT_EQ(bake("/no/such/folder/atlas.bin", 0.25).error().code, "system");
}

TEST(Bake, MissingFontsAreNamedByPackage) {
    FontFiles files = debian_fonts();
    ASSERT_FALSE(files.empty());
    files[2].path = "/no/such/font.ttf";
    auto fonts = Fonts::open(files);
    ASSERT_FALSE(fonts);
    EXPECT_EQ(fonts.error().code, "not_found");
    EXPECT_NE(fonts.error().text.find("fonts-roboto-unhinted"), std::string::npos);
}

}  // namespace
}  // namespace bw::text
