// SPDX-License-Identifier: Apache-2.0
#include "core/wall/edid.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/wall/edids.h"

namespace bw::wall {
namespace {

using testing::EdidBlock;
using testing::EdidWords;
using testing::make_edid;

TEST(Edid, a_monitor_tells_its_name_size_and_mode) {
    EdidWords words;
    words.serial_text = "7XK2F33";
    words.serial_number = 0x30313233;
    const auto edid = parse_edid(make_edid(words));
    ASSERT_TRUE(edid.ok()) << edid.error().text;
    EXPECT_EQ(edid->maker, "DEL");
    EXPECT_EQ(edid->product, 0x1A2B);
    EXPECT_EQ(edid->serial_number, 0x30313233u);
    EXPECT_EQ(edid->model(), "DELL U2720Q");
    EXPECT_EQ(edid->serial(), "7XK2F33");
    EXPECT_EQ(edid->width_px, 3840u);
    EXPECT_EQ(edid->height_px, 2160u);
    EXPECT_EQ(edid->width_mm, 597u);
    EXPECT_EQ(edid->height_mm, 336u);
}

TEST(Edid, without_texts_the_codes_stand_for_them) {
    EdidWords words;
    words.name = "";
    words.serial_number = 4711;
    const auto edid = parse_edid(make_edid(words));
    ASSERT_TRUE(edid.ok());
    EXPECT_EQ(edid->model(), "0x1A2B");
    EXPECT_EQ(edid->serial(), "4711");
    words.serial_number = 0;
    EXPECT_EQ(parse_edid(make_edid(words))->serial(), "");
}

TEST(Edid, a_text_of_thirteen_letters_has_no_end_mark) {
    EdidWords words;
    words.name = "ABCDEFGHIJKLM";
    EXPECT_EQ(parse_edid(make_edid(words))->name, "ABCDEFGHIJKLM");
}

TEST(Edid, what_cannot_be_printed_is_masked) {
    EdidBlock block = make_edid({});
    block[72 + 5] = 0x1B;
    block[72 + 6] = 0xE9;
    testing::set_sum(block);
    EXPECT_EQ(parse_edid(block)->name, "??LL U2720Q");
}

TEST(Edid, a_size_that_is_an_aspect_ratio_is_no_size) {
    EdidBlock block = make_edid({});
    block[66] = 16;  // the timing says 16 by 9
    block[67] = 9;
    block[68] = 0;
    testing::set_sum(block);
    EXPECT_EQ(parse_edid(block)->width_mm, 600u) << "the base block's centimetres";
    block[22] = 0;  // and so does the base block: a projector
    testing::set_sum(block);
    EXPECT_EQ(parse_edid(block)->width_mm, 0u);
    EXPECT_EQ(parse_edid(block)->height_mm, 0u);
}

TEST(Edid, damage_is_refused_with_its_reason) {
    const EdidBlock good = make_edid({});
    for (size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(parse_edid(std::span(good).first(size)).ok()) << size;
    for (size_t i = 0; i < good.size(); ++i) {
        EdidBlock block = good;
        block[i] ^= 1;
        EXPECT_FALSE(parse_edid(block).ok()) << "byte " << i;
    }
    EdidBlock nobody = good;
    nobody[8] = nobody[9] = 0;
    testing::set_sum(nobody);
    ASSERT_FALSE(parse_edid(nobody).ok());
    EXPECT_EQ(parse_edid(nobody).error().text, "EDID: no maker");
    std::vector<uint8_t> longer(good.begin(), good.end());
    longer.resize(4096, 0xAA);
    EXPECT_TRUE(parse_edid(longer).ok()) << "extension blocks are not looked at";
}

TEST(Edid, any_bytes_with_a_right_sum_give_printable_words) {
    std::mt19937 random(20);
    for (int round = 0; round < 20000; ++round) {
        EdidBlock block = make_edid({});
        for (size_t i = 8; i < 127; ++i) block[i] = static_cast<uint8_t>(random());
        if (round % 2 == 0) block[8] = 0x10, block[9] = 0xAC;
        for (size_t at = 54; at < 126; at += 18)
            if (random() % 2 == 0) block[at] = block[at + 1] = 0, block[at + 3] = 0xFC | random();
        testing::set_sum(block);
        const auto edid = parse_edid(block);
        if (!edid.ok()) continue;
        for (const std::string& text : {edid->maker, edid->model(), edid->serial()})
            for (const char c : text) ASSERT_TRUE(c >= 0x20 && c < 0x7F) << round;
        EXPECT_LE(edid->width_px, 4095u);
        EXPECT_EQ(edid->width_mm == 0, edid->height_mm == 0);
    }
}

}  // namespace
}  // namespace bw::wall
