// SPDX-License-Identifier: Apache-2.0
// What the main thread may do while a picture is being scaled: everything, without waiting.
#include "core/media/outlet.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "core/base/clock.h"

namespace bw::media {
namespace {

using surface::SlotKind;

constexpr int kWidth = 320, kHeight = 180;

/// A picture whose first reader stops in the middle of scaling until he is let go: its memory
/// cannot be read, and the fault's handler waits.
class SlowPicture {
  public:
    SlowPicture() {
        EXPECT_EQ(pipe(reached_), 0);
        EXPECT_EQ(pipe(go_), 0);
        memory_ = static_cast<uint8_t*>(
            mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        EXPECT_NE(memory_, MAP_FAILED);
        slow = this;
        struct sigaction action {};
        action.sa_sigaction = on_fault;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &action, &before_);
    }
    ~SlowPicture() {
        sigaction(SIGSEGV, &before_, nullptr);
        slow = nullptr;
        munmap(memory_, kBytes);
        for (const int end : {reached_[0], reached_[1], go_[0], go_[1]}) close(end);
    }
    SlowPicture(const SlowPicture&) = delete;
    SlowPicture& operator=(const SlowPicture&) = delete;

    [[nodiscard]] const uint8_t* memory() const { return memory_; }
    /// Returns when somebody is in the middle of scaling it.
    void await_reader() const {
        char byte = 0;
        EXPECT_EQ(read(reached_[0], &byte, 1), 1);
    }
    void let_go() const { EXPECT_EQ(write(go_[1], "g", 1), 1); }

  private:
    static constexpr size_t kBytes = 256 * 1024;
    static inline SlowPicture* slow = nullptr;

    static void on_fault(int, siginfo_t* info, void*) {
        const auto* at = static_cast<uint8_t*>(info->si_addr);
        if (slow == nullptr || at < slow->memory_ || at >= slow->memory_ + kBytes) {
            signal(SIGSEGV, SIG_DFL);  // a true fault: it happens again, and ends the test
            return;
        }
        char byte = 0;
        (void)!write(slow->reached_[1], "r", 1);
        (void)!read(slow->go_[0], &byte, 1);
        mprotect(slow->memory_, kBytes, PROT_READ | PROT_WRITE);
    }

    uint8_t* memory_ = nullptr;
    int reached_[2] = {}, go_[2] = {};
    struct sigaction before_ {};
};

class OutletTest : public testing::Test {
  protected:
    void SetUp() override {
        auto fds = surface::make_link(16 << 20);
        ASSERT_TRUE(fds);
        auto producer = surface::Producer::open(std::move(fds->producer_socket),
                                                base::UniqueFd(dup(fds->arena.get())),
                                                base::UniqueFd(dup(fds->page.get())));
        auto opened = surface::Consumer::open(std::move(fds->consumer_socket),
                                              std::move(fds->arena), std::move(fds->page));
        ASSERT_TRUE(producer && opened);
        link = std::move(*producer);
        consumer = std::move(*opened);
        outlet.expect(1);
    }
    void TearDown() override {
        outlet.clear();
        outlet.forget();
        EXPECT_EQ(held, 0) << "pictures are kept or given back twice";
    }

    uint32_t show(uint64_t slot_bytes = 0) {
        auto number = consumer->configure({kWidth, kHeight, 1, SlotKind::rgba, slot_bytes, "{}"});
        EXPECT_TRUE(number);
        auto request = surface::read_configure(*link->receive());
        EXPECT_TRUE(request);
        auto writer = surface::Producer::Writer::make(*link, *number, request->configure);
        EXPECT_TRUE(writer);
        outlet.add(*number, link, std::move(*writer), 0);
        return *number;
    }

    HeldPicture picture_at(const uint8_t* memory) {
        PictureView view;
        view.y = memory;
        view.u = view.y + kWidth * kHeight;
        view.v = view.u + kWidth * kHeight / 4;
        view.stride_y = view.width = kWidth;
        view.height = kHeight;
        view.stride_u = view.stride_v = kWidth / 2;
        ++held;
        return {view, &held, [](void* owner) { ++*static_cast<std::atomic<int>*>(owner); },
                [](void* owner) { --*static_cast<std::atomic<int>*>(owner); }};
    }
    HeldPicture slow_picture() { return picture_at(slow.memory()); }
    HeldPicture plain_picture() { return picture_at(plain.data()); }

    /// Arrival of the picture that the compositor gets; 0: none is fresh.
    int64_t taken(uint32_t surface) {
        auto got = consumer->take(surface);
        return got && *got ? (*got)->header.captured_ns : 0;
    }

    SlowPicture slow;
    std::vector<uint8_t> plain = std::vector<uint8_t>(kWidth * kHeight * 3 / 2, 90);
    std::atomic<int> held{0};
    std::shared_ptr<surface::Producer> link;
    std::unique_ptr<surface::Consumer> consumer;
    Outlet outlet{std::make_shared<Wake>()};
};

TEST_F(OutletTest, TheMainThreadNeverWaitsForAPictureThatIsBeingScaled) {
    const uint32_t tile = show();
    std::thread streaming([&] { outlet.deliver(1, slow_picture(), 10, 10); });
    slow.await_reader();
    auto main = std::async(std::launch::async, [&] {
        const uint32_t second = show();
        outlet.tell(surface::SourceState::playing, surface::Reason::none, 0);
        outlet.beat(5);
        std::vector<uint32_t> commits;
        outlet.take_commits(commits);
        EXPECT_TRUE(commits.empty());
        EXPECT_EQ(outlet.newest_ns(), 10);
        EXPECT_EQ(outlet.size(), (Size{kWidth, kHeight}));
        EXPECT_FALSE(outlet.fill_one()) << "the streaming thread will do it";
        EXPECT_FALSE(outlet.at_rest());
        EXPECT_TRUE(outlet.remove(second)) << "nobody has begun to write there";
    });
    EXPECT_EQ(main.wait_for(std::chrono::seconds(20)), std::future_status::ready)
        << "a lock is held over the scaling";
    slow.let_go();
    streaming.join();
    main.get();
    EXPECT_EQ(taken(tile), 10);
    EXPECT_EQ(consumer->block(tile).as_of_ns.load(), 10);
    EXPECT_TRUE(outlet.at_rest());
}

TEST_F(OutletTest, ASurfaceRemovedWhileItIsWrittenIsNotPublishedAndTheCompositorWaitsForIt) {
    constexpr uint64_t kMostOfTheArena = 5 << 20;  // so that a successor needs its region
    const uint32_t tile = show(kMostOfTheArena);
    std::thread streaming([&] { outlet.deliver(1, slow_picture(), 10, 10); });
    slow.await_reader();
    consumer->release(tile);
    ASSERT_EQ(link->receive()->header.kind, surface::Kind::release);
    ASSERT_FALSE(outlet.remove(tile));
    link->defer(tile);
    const auto room = [&] {
        (void)link->receive();  // answers what may be answered
        while (consumer->receive()) {
        }
        return consumer->configure({kWidth, kHeight, 1, SlotKind::rgba, kMostOfTheArena, "{}"})
            .ok();
    };
    std::vector<uint32_t> left;
    outlet.take_left(link, left);
    EXPECT_TRUE(left.empty());
    EXPECT_FALSE(room()) << "its successor's picture would be written over";
    const uint64_t published = consumer->block(tile).commits.load();
    slow.let_go();
    streaming.join();
    EXPECT_EQ(consumer->block(tile).commits.load(), published);
    outlet.take_left(link, left);
    ASSERT_EQ(left, std::vector<uint32_t>{tile});
    link->confirm(tile);
    EXPECT_TRUE(room());
}

TEST_F(OutletTest, ALinkStaysMappedUntilItsLastWriterIsDone) {
    show();
    const std::weak_ptr<surface::Producer> mapped = link;
    std::thread streaming([&] { outlet.deliver(1, slow_picture(), 10, 10); });
    slow.await_reader();
    outlet.clear();
    link.reset();
    EXPECT_FALSE(mapped.expired());
    slow.let_go();
    streaming.join();
    std::vector<uint32_t> left;
    outlet.take_left(nullptr, left);
    EXPECT_TRUE(left.empty()) << "its numbers mean nothing to the next link";
    EXPECT_TRUE(mapped.expired());
}

TEST_F(OutletTest, ANewerPictureIsNotLostToAnOlderOneThatIsStillBeingScaled) {
    outlet.deliver(1, slow_picture(), 10, 10);
    const uint32_t tile = show();
    std::thread main([&] { EXPECT_TRUE(outlet.fill_one()); });
    slow.await_reader();
    outlet.deliver(1, plain_picture(), 20, 20);
    slow.let_go();
    main.join();
    EXPECT_EQ(taken(tile), 10);
    EXPECT_TRUE(outlet.fill_one());
    EXPECT_EQ(taken(tile), 20);
    EXPECT_FALSE(outlet.fill_one());
}

TEST_F(OutletTest, AGivenUpStreamLeavesWhatIsOwedToTheMainThread) {
    const uint32_t first = show(), second = show();
    std::thread streaming([&] { outlet.deliver(1, slow_picture(), 10, 10); });
    slow.await_reader();
    outlet.expect(2);
    slow.let_go();
    streaming.join();
    EXPECT_EQ(taken(first), 10);
    EXPECT_EQ(taken(second), 0);
    EXPECT_TRUE(outlet.fill_one());
    EXPECT_EQ(taken(second), 10);
    outlet.deliver(1, plain_picture(), 20, 20);
    EXPECT_EQ(taken(first), 0) << "a picture of a stream that was given up";
    EXPECT_EQ(outlet.newest_ns(), 0);
}

TEST_F(OutletTest, EverySurfaceOfASourceGetsItsPictureAndThinnedOnesAreLeftOut) {
    const uint32_t all = show();
    auto number = consumer->configure({kWidth, kHeight, 1, SlotKind::rgba, 0, "{}"});
    auto request = surface::read_configure(*link->receive());
    outlet.add(*number, link,
               std::move(*surface::Producer::Writer::make(*link, *number, request->configure)), 10);
    outlet.deliver(1, plain_picture(), base::kSecond, base::kSecond);
    EXPECT_EQ(taken(all), base::kSecond);
    EXPECT_EQ(taken(*number), base::kSecond);
    outlet.deliver(1, plain_picture(), base::kSecond + 40 * base::kMillisecond,
                   base::kSecond + 40 * base::kMillisecond);
    EXPECT_NE(taken(all), 0);
    EXPECT_EQ(taken(*number), 0);
    outlet.deliver(1, plain_picture(), base::kSecond + 95 * base::kMillisecond,
                   base::kSecond + 95 * base::kMillisecond);
    EXPECT_NE(taken(*number), 0);
}

}  // namespace
}  // namespace bw::media
