// SPDX-License-Identifier: Apache-2.0
// Reading atlas files, hostile ones included.
#include <gtest/gtest.h>
#include <imgui.h>

#include <cstddef>
#include <functional>
#include <random>

#include "core/text/format.h"
#include "core/text/imgui_adopt.h"
#include "shared_atlas.h"

namespace bw::text {
namespace {

using test::baked_bytes;
using test::shared_atlas;

std::vector<std::byte> changed(const std::function<void(FileHeader&, FileFace*)>& change) {
    std::vector<std::byte> bytes = baked_bytes();
    FileHeader header;
    FileFace faces[kRoles];
    std::memcpy(&header, bytes.data(), sizeof header);
    std::memcpy(faces, bytes.data() + sizeof header, sizeof faces);
    change(header, faces);
    std::memcpy(bytes.data(), &header, sizeof header);
    std::memcpy(bytes.data() + sizeof header, faces, sizeof faces);
    return bytes;
}

TEST(Atlas, ReadsWhatWasBaked) {
    const Atlas& atlas = shared_atlas();
    ASSERT_EQ(atlas.faces().size(), kRoles);
    EXPECT_EQ(atlas.scale(), 1.0f);
    float em[] = {16, 20, 28, 40, 60};
    for (uint32_t role = 0; role < kRoles; ++role)
        EXPECT_EQ(atlas.face(static_cast<Role>(role)).em, em[role]);
    auto x = static_cast<uint32_t>(atlas.white_u() * static_cast<float>(atlas.width()));
    auto y = static_cast<uint32_t>(atlas.white_v() * static_cast<float>(atlas.height()));
    EXPECT_EQ(atlas.pixels()[y * atlas.width() + x], std::byte{255});
}

TEST(Atlas, MapsASealedMemfdAndKeepsIt) {
    auto fd = base::make_sealed_memfd("atlas", baked_bytes().size());
    ASSERT_TRUE(fd);
    {
        auto writable = base::Mapping::map(fd->get(), 0, base::Access::read_write);
        ASSERT_TRUE(writable);
        std::memcpy(writable->data(), baked_bytes().data(), baked_bytes().size());
    }
    auto atlas = Atlas::map(fd->get());
    ASSERT_TRUE(atlas);
    fd->reset();
    EXPECT_TRUE((*atlas)->has(Role::body, U'汛'));
}

TEST(Atlas, RefusesWhatIsNoAtlas) {
    EXPECT_FALSE(Atlas::view({}));
    std::vector<std::byte> zeros(4096);
    EXPECT_EQ(Atlas::view(zeros).error().code, "invalid");
    std::span<const std::byte> all = baked_bytes();
    for (size_t length : {size_t{1}, sizeof(FileHeader), sizeof(FileHeader) + 100, all.size() - 1})
        EXPECT_FALSE(Atlas::view(all.first(length))) << length;
    EXPECT_FALSE(Atlas::map(-1));
}

TEST(Atlas, RefusesEveryOffsetAndCountThatLeadsOut) {
    const std::function<void(FileHeader&, FileFace*)> lies[] = {
        [](FileHeader& h, FileFace*) { h.magic[0] = 'X'; },
        [](FileHeader& h, FileFace*) { h.faces = 4; },
        [](FileHeader& h, FileFace*) { h.width = 0; },
        [](FileHeader& h, FileFace*) { h.height = 100000; },
        [](FileHeader& h, FileFace*) { h.height += 1; },
        [](FileHeader& h, FileFace*) { h.pixels = ~0ull; },
        [](FileHeader& h, FileFace*) { h.pixels = ~0ull - 64; },
        [](FileHeader& h, FileFace*) { h.size -= 1; },
        [](FileHeader& h, FileFace*) { h.white_u = 2; },
        [](FileHeader& h, FileFace*) { h.white_v = std::numeric_limits<float>::quiet_NaN(); },
        [](FileHeader& h, FileFace*) { h.scale = 0; },
        [](FileHeader&, FileFace* f) { f[0].role = 1; },
        [](FileHeader&, FileFace* f) { f[1].size = -1; },
        [](FileHeader&, FileFace* f) { f[1].ascent = std::numeric_limits<float>::infinity(); },
        [](FileHeader&, FileFace* f) { f[2].glyphs = ~0ull - 7; },
        [](FileHeader&, FileFace* f) { f[2].glyphs += 2; },
        [](FileHeader&, FileFace* f) { f[2].glyph_count = 0; },
        [](FileHeader&, FileFace* f) { f[2].glyph_count = 0xFFFF; },
        [](FileHeader&, FileFace* f) { f[2].glyph_count -= 1; },  // the index names the last one
        [](FileHeader&, FileFace* f) { f[3].index = ~0ull - 1; },
        [](FileHeader&, FileFace* f) { f[3].index_count = 0x10001; },
        [](FileHeader&, FileFace* f) { f[3].index_count = 100; },  // no U+FFFD any more
        [](FileHeader&, FileFace* f) { f[4].advances = 1ull << 40; },
        [](FileHeader&, FileFace* f) { f[4].advances |= 2; },
    };
    int number = 0;
    for (const auto& lie : lies) {
        auto atlas = Atlas::view(changed(lie));
        ASSERT_FALSE(atlas) << number;
        EXPECT_EQ(atlas.error().code, "invalid");
        ++number;
    }
}

TEST(Atlas, SurvivesRandomDamageOfItsTables) {
    std::mt19937 random(7);
    std::vector<std::byte> bytes = baked_bytes();
    size_t tables = sizeof(FileHeader) + kRoles * sizeof(FileFace);
    int accepted = 0;
    for (int round = 0; round < 400; ++round) {
        size_t at = random() % tables;
        std::byte old = bytes[at];
        bytes[at] ^= static_cast<std::byte>(1u << random() % 8);
        if (auto atlas = Atlas::view(bytes)) {
            ++accepted;  // a harmless bit; whatever it gives out must be readable
            surface::DrawList list;
            for (const Face& face : (*atlas)->faces())
                draw(**atlas, face, list, 0, 0, 0xFFFFFFFF, "水位 152.38 m ↗ \xFF");
            volatile auto last = (*atlas)->pixels().back();
            (void)last;
        }
        bytes[at] = old;
    }
    EXPECT_LT(accepted, 400);
}

TEST(AdoptedFonts, MeasureAndFindAsTheAtlasDoes) {
    const Atlas& atlas = shared_atlas();
    AdoptedFonts fonts(atlas);
    EXPECT_TRUE(fonts.atlas()->IsBuilt());
    for (const Face& face : atlas.faces()) {
        ImFont* font = fonts.font(face.role);
        const char* text = "152.38 m 级 missing: \xF0\x9F\x98\x80";
        ImVec2 size = font->CalcTextSizeA(face.size, 1e6f, 0, text);
        EXPECT_FLOAT_EQ(size.x, measure(face, text).width);
        EXPECT_FLOAT_EQ(size.y, face.size);
        const ImFontGlyph* glyph = font->FindGlyph('8');
        EXPECT_EQ(reinterpret_cast<const Glyph*>(glyph), face.find('8'));  // nothing was copied
        EXPECT_EQ(glyph->Codepoint, static_cast<unsigned>('8'));
        EXPECT_TRUE(glyph->Visible);
    }
}

}  // namespace
}  // namespace bw::text
