// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/units.h"

#include <gtest/gtest.h>

namespace bw::rtsp {
namespace {

using Bytes = std::vector<uint8_t>;

// Slices: first_mb_in_slice 0 and an odd type; 0x88: first, I (7: "1 0001000"); 0x9A: first, P (5).
const Bytes kSps = {0x67, 1, 2, 3}, kPps = {0x68, 0xCE, 1, 2}, kIdr = {0x65, 0x88, 9};
const Bytes kSlice = {0x61, 0x9A, 8}, kMore = {0x61, 0x40, 7}, kIntra = {0x61, 0x88, 6};
const Bytes kSei = {0x06, 5, 1}, kRecovery = {0x06, 6, 1}, kDelimiter = {0x09, 0x10};

struct Collected {
    struct One {
        Bytes bytes;
        bool key;
        uint32_t timestamp;
    };
    explicit Collected(Codec codec = Codec::h264)
        : units(codec, [this](const AccessUnit& unit) {
              all.push_back({{unit.bytes.begin(), unit.bytes.end()}, unit.key, unit.timestamp});
          }) {}
    std::vector<One> all;
    Units units;
    void put(const Bytes& nal, uint32_t stamp, bool end = false) { units.put(nal, stamp, end); }
    void key(uint32_t stamp) {
        put(kSps, stamp);
        put(kPps, stamp);
        put(kIdr, stamp, true);
    }
};

Bytes joined(std::initializer_list<Bytes> nals) {
    Bytes out;
    for (const auto& nal : nals) {
        out.insert(out.end(), {0, 0, 0, 1});
        out.insert(out.end(), nal.begin(), nal.end());
    }
    return out;
}

TEST(Units, AKeyFrameWithItsParameterSetsComesAtItsMarker) {
    Collected got;
    got.put(kSlice, 1, true);
    EXPECT_TRUE(got.all.empty()) << "nothing before the first key frame";
    got.key(2);
    ASSERT_EQ(got.all.size(), 1U);
    EXPECT_TRUE(got.all[0].key);
    EXPECT_EQ(got.all[0].bytes, joined({kSps, kPps, kIdr}));
    got.put(kSlice, 3, true);
    ASSERT_EQ(got.all.size(), 2U);
    EXPECT_FALSE(got.all[1].key);
    EXPECT_EQ(got.all[1].timestamp, 3U);
}

TEST(Units, MarkersOnParameterSetsEndNothing) {
    Collected got;
    got.put(kSps, 1, true);
    got.put(kPps, 1, true);
    got.put(kSei, 1, true);
    got.put(kIdr, 2, true);
    ASSERT_EQ(got.all.size(), 1U);
    EXPECT_EQ(got.all[0].bytes, joined({kSps, kPps, kSei, kIdr}));
    EXPECT_EQ(got.all[0].timestamp, 2U) << "the slices' stamp counts";
}

TEST(Units, WithoutMarkersTheNextPictureEndsTheLast) {
    for (const Bytes& next : {kSlice, kDelimiter, kSps, kSei}) {
        Collected got;
        got.put(kSps, 1);
        got.put(kPps, 1);
        got.put(kIdr, 1);
        EXPECT_TRUE(got.all.empty());
        got.put(next, 1);  // even with the same stamp
        EXPECT_EQ(got.all.size(), 1U);
    }
}

TEST(Units, SlicesOfOnePictureStayTogether) {
    Collected got;
    got.key(1);
    got.put(kSlice, 2);
    got.put(kMore, 2, true);
    ASSERT_EQ(got.all.size(), 2U);
    EXPECT_EQ(got.all[1].bytes, joined({kSlice, kMore}));
}

TEST(Units, AMarkerOnEverySliceIsSeenThroughOnce) {
    Collected got;
    got.key(1);
    got.put(kSlice, 2, true);
    got.put(kMore, 2, true);  // was cut in two: until the next key frame nothing
    got.key(3);
    got.put(kSlice, 4, true);
    got.put(kMore, 4, true);
    got.put(kSlice, 5, true);
    ASSERT_GE(got.all.size(), 2U);
    EXPECT_EQ(got.all.back().bytes, joined({kSlice, kMore}));
}

TEST(Units, WhatIsOfferedStandsInForWhatTheStreamDoesNotBring) {
    Collected got;
    got.units.offer(kPps);
    got.units.offer(kSps);
    got.units.offer(kSei);
    got.units.offer(Bytes{});
    got.put(kIdr, 1, true);
    ASSERT_EQ(got.all.size(), 1U);
    EXPECT_EQ(got.all[0].bytes, joined({kSps, kPps, kIdr}));
    // The stream's own replaces it from then on.
    const Bytes other = {0x67, 4, 4, 4};
    got.put(other, 2);
    got.put(kIdr, 2, true);
    got.put(kIdr, 3, true);
    EXPECT_EQ(got.all.back().bytes, joined({other, kPps, kIdr}));
}

TEST(Units, AfterALossNothingUntilTheNextKeyFrame) {
    Collected got;
    got.key(1);
    got.put(kSlice, 2);
    got.units.lost();
    got.put(kMore, 2, true);
    got.put(kSlice, 3, true);
    EXPECT_EQ(got.all.size(), 1U);
    got.key(4);
    EXPECT_EQ(got.all.size(), 2U);
}

TEST(Units, PicturesThatOneCanBeginWithAreKeyFrames) {
    Collected got;
    got.put(kIntra, 1, true);
    EXPECT_TRUE(got.all.empty()) << "no parameter sets";
    got.put(kSps, 2);
    got.put(kPps, 2);
    got.put(kIntra, 2, true);
    ASSERT_EQ(got.all.size(), 1U);
    EXPECT_TRUE(got.all[0].key);
    got.put(kIntra, 3, true);
    EXPECT_FALSE(got.all[1].key)
        << "a picture without its own parameter sets may need others before it";
    Collected refreshed;
    refreshed.put(kSps, 1);
    refreshed.put(kPps, 1);
    refreshed.put(kRecovery, 1);
    refreshed.put(kSlice, 1, true);
    ASSERT_EQ(refreshed.all.size(), 1U);
    EXPECT_TRUE(refreshed.all[0].key);
}

TEST(Units, H265GoesByItsOwnTypes) {
    Collected got(Codec::h265);
    const Bytes vps = {0x40, 1, 1, 1}, sps = {0x42, 1, 1, 1}, pps = {0x44, 1, 0xC1, 1};
    const Bytes idr = {0x26, 1, 0x80, 1}, slice = {0x02, 1, 0x80, 1}, more = {0x02, 1, 0x10, 1};
    for (const Bytes& nal : {vps, sps, pps}) got.put(nal, 1);
    got.put(idr, 1, true);
    got.put(slice, 2);
    got.put(more, 2);
    got.put(slice, 3, true);
    ASSERT_EQ(got.all.size(), 3U);
    EXPECT_TRUE(got.all[0].key);
    EXPECT_EQ(got.all[1].bytes, joined({slice, more}));
    got.put(idr, 4, true);
    EXPECT_EQ(got.all.back().bytes, joined({vps, sps, pps, idr}));
}

}  // namespace
}  // namespace bw::rtsp
