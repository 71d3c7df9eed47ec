// SPDX-License-Identifier: Apache-2.0
#include "core/media/pacer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "core/base/clock.h"
#include "core/media/pipeline.h"
#include "core/media/unit_of.h"
#include "core/media/workshop.h"

namespace bw::media {
namespace {

using base::kMillisecond;
using base::kSecond;

class PacerTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(init_pipelines()); }
    void SetUp() override {
        flow->watch_units([this](const Unit& unit) {
            std::lock_guard lock(mutex);
            handed.emplace_back(unit.bytes, unit.arrived_ns);
            news.notify_all();
        });
    }
    void TearDown() override {
        line->close();
        workshop->pool.close(base::mono_ns() + 10 * kSecond);
    }
    /// A unit that is told from others by its length.
    static Unit unit(size_t length) {
        const std::vector<uint8_t> bytes(length);
        return unit_of(bytes, caps_of_codec(false), 0, true);
    }
    /// As much as is read ahead, behind one that was due at once.
    void fill() {
        ASSERT_TRUE(line->put(unit(1), 0));
        come(1);
        for (size_t i = 1; i <= Pacer::kMostAhead; ++i)
            ASSERT_TRUE(line->put(unit(i + 1), static_cast<int64_t>(i) * 4 * kSecond));
    }
    /// The lengths and times of what came, once it is so many.
    std::vector<std::pair<size_t, int64_t>> come(size_t count) {
        std::unique_lock lock(mutex);
        EXPECT_TRUE(
            news.wait_for(lock, std::chrono::seconds(20), [&] { return handed.size() >= count; }));
        return handed;
    }

    std::mutex mutex;
    std::condition_variable news;
    std::vector<std::pair<size_t, int64_t>> handed;
    std::shared_ptr<Workshop> workshop = std::make_shared<Workshop>();
    std::shared_ptr<Wake> wake = std::make_shared<Wake>();
    std::shared_ptr<Flow> flow =
        std::make_shared<Flow>(1, std::make_shared<Outlet>(wake), wake, workshop);
    std::shared_ptr<Pacer::Line> line = workshop->pacer.open(flow);
};

TEST_F(PacerTest, UnitsComeInOrderAndNoneBeforeItsTime) {
    const int64_t began = base::mono_ns();
    for (size_t i = 0; i < 20; ++i)
        ASSERT_TRUE(
            line->put(unit(i + 1), 7 * kSecond + static_cast<int64_t>(i) * 20 * kMillisecond));
    const auto all = come(20);
    for (size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].first, i + 1);
        EXPECT_GE(all[i].second - began, static_cast<int64_t>(i) * 20 * kMillisecond);
        if (i > 0) {
            EXPECT_GT(all[i].second, all[i - 1].second);
        }
    }
}

TEST_F(PacerTest, AReaderIsHeldUpUntilThereIsRoomAndLetGoByAFlush) {
    fill();
    auto held =
        std::async(std::launch::async, [&] { return line->put(unit(99), 999 * kMillisecond); });
    EXPECT_EQ(held.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
    line->flush();
    EXPECT_TRUE(held.get());
    const auto all = come(2);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].first, 99U) << "what waited before the flush is dropped";
}

TEST_F(PacerTest, AReaderIsLetGoWhenItIsClosed) {
    fill();
    auto held = std::async(std::launch::async, [&] { return line->put(unit(99), 0); });
    line->close();
    EXPECT_FALSE(held.get());
    EXPECT_FALSE(line->put(unit(1), 0));
}

TEST_F(PacerTest, TimesThatJumpCostNoTimeAndNoRush) {
    ASSERT_TRUE(line->put(unit(1), 0));
    ASSERT_TRUE(line->put(unit(2), 3600 * kSecond));  // an hour ahead
    ASSERT_TRUE(line->put(unit(3), 3600 * kSecond + 60 * kMillisecond));
    ASSERT_TRUE(line->put(unit(4), 0));  // and back
    ASSERT_TRUE(line->put(unit(5), 60 * kMillisecond));
    const auto all = come(5);
    EXPECT_GE(all[2].second - all[1].second, 40 * kMillisecond);
    EXPECT_GE(all[4].second - all[3].second, 40 * kMillisecond);
}

TEST_F(PacerTest, TheLastOneToHoldItMayBeItsOwnThread) {
    std::promise<void> done;
    auto own = std::make_shared<Workshop>();
    auto other = std::make_shared<Flow>(1, std::make_shared<Outlet>(wake), wake, own);
    auto lone = own->pacer.open(other);
    Flow* raw = other.get();
    raw->watch_units([&](const Unit&) {
        lone->close();
        lone.reset();
        other.reset();
        own.reset();
        done.set_value();
    });
    lone->put(unit(1), 0);
    EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

}  // namespace
}  // namespace bw::media
