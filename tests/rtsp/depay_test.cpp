// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/depay.h"

#include <gtest/gtest.h>

namespace bw::rtsp {
namespace {

using Bytes = std::vector<uint8_t>;

struct Collected {
    explicit Collected(Codec codec)
        : depay(codec, [this](Nal nal, bool last) {
              nals.emplace_back(nal.begin(), nal.end());
              lasts.push_back(last);
          }) {}
    std::vector<Bytes> nals;
    std::vector<bool> lasts;
    Depay depay;
    void put(const Bytes& payload) { depay.put(payload); }
};

TEST(DepayH264, SinglesAndAggregates) {
    Collected all(Codec::h264);
    all.put({0x65, 1, 2});
    all.put({24, 0, 2, 0x67, 7, 0, 3, 0x68, 8, 8});
    EXPECT_EQ(all.nals, (std::vector<Bytes>{{0x65, 1, 2}, {0x67, 7}, {0x68, 8, 8}}));
    EXPECT_EQ(all.lasts, (std::vector<bool>{true, false, true}));
}

TEST(DepayH264, Fragments) {
    Collected all(Codec::h264);
    all.put({0x7C, 0x85, 1});
    all.put({0x7C, 0x05, 2});
    all.put({0x7C, 0x45, 3});
    EXPECT_EQ(all.nals, (std::vector<Bytes>{{0x65, 1, 2, 3}}));
}

TEST(DepayH264, OddFragments) {
    Collected all(Codec::h264);
    all.put({0x7C, 0x85, 1});
    all.put({0x7C, 0x05});     // empty
    all.put({0x7C, 0x21, 2});  // another type, a reserved bit
    all.put({0x7C, 0x45, 3});
    all.put({0x7C, 0x81, 4});  // never ends
    all.put({0x7C, 0x81, 5});
    all.put({0x7C, 0x41, 6});
    EXPECT_EQ(all.nals, (std::vector<Bytes>{{0x65, 1, 2, 3}, {0x61, 4}, {0x61, 5, 6}}));
    all.put({0x7C, 0x05, 9});  // no beginning
    all.put({0x7C});
    all.put({});
    EXPECT_EQ(all.nals.size(), 3U);
}

TEST(DepayH264, AFragmentThatIsLostTakesItsUnitWithIt) {
    Collected all(Codec::h264);
    all.put({0x7C, 0x85, 1});
    all.depay.lost();
    all.put({0x7C, 0x45, 3});
    EXPECT_TRUE(all.nals.empty());
}

TEST(DepayH264, StartCodesInsideAPayload) {
    Collected all(Codec::h264);
    all.put({0x67, 1, 0, 0, 0, 1, 0x68, 2, 0, 0, 1, 0x65, 3});
    EXPECT_EQ(all.nals, (std::vector<Bytes>{{0x67, 1}, {0x68, 2}, {0x65, 3}}));
    EXPECT_EQ(all.lasts, (std::vector<bool>{false, false, true}));
    all.put({0, 0, 0, 1, 0x61, 4});
    EXPECT_EQ(all.nals.back(), (Bytes{0x61, 4}));
    // A start code and the unit's own header before the first piece.
    all.put({0x7C, 0x85, 0, 0, 0, 1, 0x65, 5});
    all.put({0x7C, 0x45, 6});
    EXPECT_EQ(all.nals.back(), (Bytes{0x65, 5, 6}));
}

TEST(DepayH264, LengthsThatDoNotFit) {
    Collected all(Codec::h264);
    all.put({24, 0, 9, 0x67});
    all.put({24, 0});
    all.put({24, 0, 0, 0, 0});
    all.put({30, 1, 2});
    EXPECT_TRUE(all.nals.empty());
}

TEST(DepayH265, SinglesAggregatesAndFragments) {
    Collected all(Codec::h265);
    all.put({0x40, 1, 7});
    all.put({0x60, 1, 0, 3, 0x42, 1, 8, 0, 3, 0x44, 1, 9});
    all.put({0x62, 1, 0x93, 1});
    all.put({0x62, 1, 0x13, 2});
    all.put({0x62, 1, 0x53, 3});
    EXPECT_EQ(all.nals,
              (std::vector<Bytes>{{0x40, 1, 7}, {0x42, 1, 8}, {0x44, 1, 9}, {0x26, 1, 1, 2, 3}}));
    all.put({0x62, 1});
    EXPECT_EQ(all.nals.size(), 4U);
}

}  // namespace
}  // namespace bw::rtsp
