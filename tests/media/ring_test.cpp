// SPDX-License-Identifier: Apache-2.0
#include "core/media/ring.h"

#include <gtest/gtest.h>

#include <vector>

namespace bw::media {
namespace {

class RingTest : public testing::Test {
  protected:
    void put(bool key, size_t bytes = 10) {
        Unit unit;
        unit.key = key;
        unit.bytes = bytes;
        unit.arrived_ns = ++number_;
        ring.put(std::move(unit));
    }
    /// A key frame and `after` others.
    void group(int after, size_t bytes = 10) {
        put(true, bytes);
        for (int i = 0; i < after; ++i) put(false, bytes);
    }
    /// The numbers of all that can be read.
    std::vector<int64_t> read() {
        std::vector<int64_t> numbers;
        while (auto next = ring.next()) numbers.push_back(next->unit.arrived_ns);
        return numbers;
    }
    using Numbers = std::vector<int64_t>;

    Ring ring{100};
    int64_t number_ = 0;
};

TEST_F(RingTest, AReaderBeginsAtTheLastKeyFrame) {
    group(3);  // 1 to 4
    group(2);  // 5 to 7
    EXPECT_EQ(ring.figures().units, 3U) << "what came before the last key frame is kept";
    ring.rewind();
    EXPECT_EQ(read(), (Numbers{5, 6, 7}));
    put(false);
    EXPECT_EQ(read(), (Numbers{8}));
}

TEST_F(RingTest, NothingIsKeptBeforeTheFirstKeyFrame) {
    put(false);
    put(false);
    ring.rewind();
    EXPECT_TRUE(read().empty());
    put(true);
    EXPECT_EQ(read(), (Numbers{3}));
}

TEST_F(RingTest, SaysWhetherMoreIsWaiting) {
    group(1);
    ring.rewind();
    EXPECT_TRUE(ring.next()->more);
    EXPECT_FALSE(ring.next()->more);
}

TEST_F(RingTest, AReaderWhoIsNotBehindAWholeGroupMissesNothing) {
    ring.rewind();
    group(2);
    ASSERT_EQ(ring.next()->unit.arrived_ns, 1);
    group(1);  // 4, 5
    EXPECT_EQ(read(), (Numbers{2, 3, 4, 5}));
    EXPECT_EQ(ring.figures().skipped, 0U);
}

TEST_F(RingTest, AReaderWhoIsBehindGoesOnAtTheNewestKeyFrame) {
    ring.rewind();
    group(2);
    group(2);  // 4 to 6: not begun
    group(1);  // 7, 8
    EXPECT_EQ(read(), (Numbers{7, 8}));
    EXPECT_EQ(ring.figures().skipped, 6U);
}

TEST_F(RingTest, ASecondReaderBeginsAtTheKeyFrameThoughTheFirstHasReadOn) {
    ring.rewind();
    group(2);
    EXPECT_EQ(read().size(), 3U);
    ring.rest();
    put(false);
    ring.rewind();
    EXPECT_EQ(read(), (Numbers{1, 2, 3, 4}));
}

TEST_F(RingTest, ALongGroupWithoutAReaderShrinksToItsKeyFrame) {
    group(20);
    EXPECT_LE(ring.figures().bytes, 100U);
    ring.rewind();
    EXPECT_EQ(read(), (Numbers{1})) << "a still picture, and nothing that does not follow it";
    put(false);
    EXPECT_TRUE(read().empty()) << "a unit was handed on whose predecessors are lost";
    put(true);
    put(false);
    EXPECT_EQ(read(), (Numbers{23, 24}));
}

TEST_F(RingTest, ALongGroupWithAReaderGoesOnAndForgetsItsBeginning) {
    ring.rewind();
    put(true);
    for (int i = 0; i < 30; ++i) {
        put(false);
        read();
    }
    EXPECT_LE(ring.figures().bytes, 100U);
    EXPECT_EQ(ring.figures().skipped, 0U);
    ring.rest();
    ring.rewind();
    put(false);
    EXPECT_TRUE(read().empty()) << "decoding began in the middle of a group";
    put(true);
    EXPECT_EQ(read().size(), 1U);
}

TEST_F(RingTest, AReaderThatDoesNotReadCostsNoMoreThanTheBound) {
    ring.rewind();
    group(50);
    EXPECT_LE(ring.figures().bytes, 100U);
    EXPECT_EQ(read(), (Numbers{1}));
}

TEST_F(RingTest, OneUnitMayBeLargerThanTheBound) {
    put(true, 1000);
    ring.rewind();
    EXPECT_EQ(read(), (Numbers{1}));
    put(true, 1000);
    EXPECT_EQ(read(), (Numbers{2}));
    EXPECT_EQ(ring.figures().bytes, 1000U);
}

TEST_F(RingTest, ANewConnectionStartsEmpty) {
    group(3);
    ring.clear();
    ring.rewind();
    put(false);
    EXPECT_TRUE(read().empty());
    EXPECT_EQ(ring.figures().bytes, 0U);
}

}  // namespace
}  // namespace bw::media
