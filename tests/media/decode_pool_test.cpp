// SPDX-License-Identifier: Apache-2.0
#include "core/media/decode_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <latch>

#include "core/base/clock.h"

namespace bw::media {
namespace {

struct Work : DecodePool::Task {
    explicit Work(std::function<bool()> what) : what_(std::move(what)) {}
    bool work() override { return what_(); }
    void stuck() override { given_up.store(true); }
    std::atomic<bool> given_up{false};

  private:
    const std::function<bool()> what_;
};

TEST(DecodePool, RunsATaskAgainWhileThereIsMore) {
    std::atomic<int> turns{0};
    std::latch done(1);
    DecodePool pool(2);
    const auto task = std::make_shared<Work>([&] {
        const bool more = ++turns < 5;
        if (!more) done.count_down();
        return more;
    });
    pool.schedule(task);
    done.wait();
    EXPECT_EQ(turns.load(), 5);
}

TEST(DecodePool, NeverRunsATaskOnTwoThreads) {
    std::atomic<int> inside{0}, turns{0};
    std::atomic<bool> twice{false};
    {
        DecodePool pool(4);
        const auto task = std::make_shared<Work>([&] {
            if (++inside > 1) twice = true;
            ++turns;
            --inside;
            return false;
        });
        for (int i = 0; i < 5000; ++i) pool.schedule(task);
        while (turns.load() == 0) std::this_thread::yield();
    }
    EXPECT_FALSE(twice.load());
}

TEST(DecodePool, WhatIsScheduledWhileItRunsIsNotForgotten) {
    std::atomic<int> turns{0};
    std::latch inside(1), go(1), second(1);
    DecodePool pool(2);
    const auto task = std::make_shared<Work>([&] {
        if (++turns == 1) {
            inside.count_down();
            go.wait();
        } else {
            second.count_down();
        }
        return false;
    });
    pool.schedule(task);
    inside.wait();
    pool.schedule(task);
    go.count_down();
    second.wait();
    EXPECT_EQ(turns.load(), 2);
}

TEST(DecodePool, ATaskThatHangsCostsNobodyElseATurn) {
    std::latch hanging(2), done(1);
    // Threads that were given up end after the test has: what they wait for is theirs too.
    const auto release = std::make_shared<std::latch>(1);
    {
        DecodePool pool(2);
        const auto hang = [&hanging, release] {
            hanging.count_down();
            release->wait();
            return false;
        };
        const auto first = std::make_shared<Work>(hang), second = std::make_shared<Work>(hang);
        pool.schedule(first);
        pool.schedule(second);
        hanging.wait();  // both threads
        const auto other = std::make_shared<Work>([&] {
            done.count_down();
            return false;
        });
        pool.schedule(other);
        EXPECT_TRUE(pool.tick(base::mono_ns())) << "given up too early";
        EXPECT_FALSE(first->given_up);
        EXPECT_TRUE(pool.tick(base::mono_ns() + DecodePool::kPatienceNs));
        done.wait();
        EXPECT_TRUE(first->given_up);
        EXPECT_TRUE(second->given_up);
        pool.close(base::mono_ns());
    }
    release->count_down();
}

TEST(DecodePool, WhileAllAreBusyForLongAnotherThreadSeesToTheOthersAndLeaves) {
    std::latch busy(1), release(1), done(1), after(3);
    DecodePool pool(1);
    const auto slow = std::make_shared<Work>([&] {
        busy.count_down();
        release.wait();
        return false;
    });
    pool.schedule(slow);
    busy.wait();
    pool.schedule(std::make_shared<Work>([&] {
        done.count_down();
        return false;
    }));
    pool.tick(base::mono_ns());
    EXPECT_EQ(pool.threads(), 1U) << "it has only just begun";
    pool.tick(base::mono_ns() + DecodePool::kLongNs);
    EXPECT_EQ(pool.threads(), 2U);
    done.wait();
    EXPECT_FALSE(slow->given_up);
    release.count_down();
    while (pool.threads() != 1) pool.tick(base::mono_ns());
    for (int i = 0; i < 3; ++i)
        pool.schedule(std::make_shared<Work>([&] {
            after.count_down();
            return false;
        }));
    after.wait();
}

TEST(DecodePool, SaysWhenTooManyHang) {
    const auto release = std::make_shared<std::latch>(1);
    std::atomic<int> hanging{0};
    DecodePool pool(1);
    bool fine = true;
    for (int i = 0; i <= DecodePool::kMostStuck; ++i) {
        EXPECT_TRUE(fine);
        pool.schedule(std::make_shared<Work>([&hanging, release] {
            ++hanging;
            release->wait();
            return false;
        }));
        while (hanging.load() <= i) std::this_thread::yield();
        fine = pool.tick(base::mono_ns() + DecodePool::kPatienceNs);
    }
    EXPECT_FALSE(fine);
    release->count_down();
    pool.close(base::mono_ns());
}

}  // namespace
}  // namespace bw::media
