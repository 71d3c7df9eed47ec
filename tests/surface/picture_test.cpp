// SPDX-License-Identifier: Apache-2.0
// The triple buffer: freshness, order, whole pictures between threads, hostile headers and words.
#include <atomic>
#include <chrono>
#include <semaphore>
#include <thread>

#include "core/base/clock.h"
#include "tests/surface/fixture.h"

namespace bw::surface {
namespace {

using PictureTest = LinkFixture;

SlotHeader rgba_header(uint32_t width = 320, uint32_t height = 180) {
    SlotHeader header{};
    header.kind = SlotKind::rgba;
    header.width = width;
    header.height = height;
    header.stride = width * 4;
    header.bytes = uint64_t{4} * width * height;
    return header;
}

TEST_F(PictureTest, nothing_is_taken_before_the_first_picture_and_nothing_twice) {
    auto writer = configured(wish(SlotKind::rgba));
    EXPECT_TRUE(writer.taken());
    EXPECT_FALSE(consumer->take(surface)->has_value());
    writer.payload()[0] = std::byte{7};
    writer.publish(rgba_header());
    EXPECT_FALSE(writer.taken());
    auto picture = consumer->take(surface);
    ASSERT_TRUE(picture.ok() && picture->has_value());
    EXPECT_EQ((*picture)->payload[0], std::byte{7});
    EXPECT_EQ((*picture)->header.number, 1u);
    EXPECT_TRUE(writer.taken());
    EXPECT_FALSE(consumer->take(surface)->has_value());
    EXPECT_EQ(consumer->block(surface).commits.load(), 1u);
}

TEST_F(PictureTest, the_newest_of_several_is_taken_and_the_held_one_stays_untouched) {
    auto writer = configured(wish(SlotKind::rgba));
    const auto show = [&](uint8_t value) {
        writer.payload()[0] = std::byte{value};
        writer.publish(rgba_header());
    };
    show(1);
    auto held = consumer->take(surface);
    ASSERT_TRUE(held->has_value());
    for (uint8_t i = 2; i < 50; ++i) {
        show(i);
        EXPECT_EQ((*held)->payload[0], std::byte{1});
    }
    auto newest = consumer->take(surface);
    ASSERT_TRUE(newest->has_value());
    EXPECT_EQ((*newest)->payload[0], std::byte{49});
    EXPECT_EQ((*newest)->header.number, 49u);
}

TEST_F(PictureTest, who_waits_for_its_picture_to_be_taken_is_told_and_nobody_else) {
    auto writer = configured(wish(SlotKind::rgba));
    EXPECT_TRUE(writer.taken_or_awaited()) << "nothing was published";
    writer.publish(rgba_header());
    EXPECT_FALSE((*consumer->take(surface))->awaited);
    writer.publish(rgba_header());
    EXPECT_FALSE(writer.taken_or_awaited());
    EXPECT_FALSE(writer.taken());
    EXPECT_TRUE((*consumer->take(surface))->awaited);
    EXPECT_TRUE(writer.taken_or_awaited());
    writer.publish(rgba_header());
    EXPECT_FALSE(writer.taken_or_awaited());
    writer.publish(rgba_header());
    EXPECT_FALSE((*consumer->take(surface))->awaited) << "the wish was for the picture before";
}

TEST_F(PictureTest, a_producer_in_another_thread_that_waits_is_never_forgotten) {
    constexpr int kPictures = 2000;
    auto writer = configured(wish(SlotKind::rgba, 32, 32));
    std::counting_semaphore<> told(0);
    std::atomic<int> published = 0;
    std::jthread thread([&](const std::stop_token& stop) {
        while (published < kPictures && !stop.stop_requested()) {
            if (!writer.taken_or_awaited() && !told.try_acquire_for(std::chrono::seconds(30)))
                return;  // forgotten
            writer.publish(rgba_header(32, 32));
            ++published;
        }
    });
    const int64_t until = base::mono_ns() + 60 * base::kSecond;
    while (published < kPictures && base::mono_ns() < until) {
        auto picture = consumer->take(surface);
        ASSERT_TRUE(picture.ok());
        if (!picture->has_value()) std::this_thread::yield();
        if (picture->has_value() && (*picture)->awaited) told.release();
    }
    EXPECT_EQ(published, kPictures);
}

TEST_F(PictureTest, an_honest_producer_in_another_thread_never_tears_a_picture) {
    // Until this thread has seen its share, however rarely the machine lets it look: two threads on
    // one core take turns of milliseconds, and a producer with a fixed number would be through
    // with all of it in one.
    constexpr uint64_t kSeen = 100, kPublished = 5000;
    auto writer = configured(wish(SlotKind::rgba, 32, 32));
    uint64_t published = 0;
    std::atomic<uint64_t> seen = 0;
    std::jthread thread([&](const std::stop_token& stop) {
        while (!stop.stop_requested() && (seen.load() < kSeen || published < kPublished)) {
            auto* words = reinterpret_cast<uint64_t*>(writer.payload());
            for (size_t i = 0; i < 512; ++i) words[i] = published + 1;
            writer.publish(rgba_header(32, 32));
            ++published;
        }
    });
    uint64_t last = 0, torn = 0;
    const auto look = [&] {
        auto picture = consumer->take(surface);
        ASSERT_TRUE(picture.ok()) << picture.error().text;
        if (!picture->has_value()) return std::this_thread::yield();
        const auto* words = reinterpret_cast<const uint64_t*>((*picture)->payload);
        const uint64_t number = (*picture)->header.number;
        for (size_t i = 0; i < 512; ++i) torn += words[i] != number;
        ASSERT_GT(number, last);
        last = number;
        ++seen;
    };
    const int64_t until = base::mono_ns() + 120 * base::kSecond;
    while (seen < kSeen && base::mono_ns() < until && !HasFatalFailure()) look();
    if (seen < kSeen) thread.request_stop();
    thread.join();
    if (last < published) look();
    EXPECT_EQ(torn, 0u);
    EXPECT_GE(seen, kSeen);
    EXPECT_EQ(last, published) << "the newest is not lost";
}

TEST_F(PictureTest, malicious_word_never_leads_out_of_range) {
    for (uint32_t word = 0; word < 64; ++word) {
        auto writer = configured(wish(SlotKind::rgba));
        const std::byte* start = writer.payload() - kPayloadOffset;  // a new writer owns slot 0
        const std::byte* end = start + kSlots * region.capacity;
        writer.publish(rgba_header());
        std::atomic<uint32_t>& shared = control().blocks[surface].word;
        shared.store(word | kFresh | 0xabcd0000);
        auto picture = consumer->take(surface);
        // Slot 2 is the consumer's own, 3 is none, 1 was never written; 0 is the honest one.
        EXPECT_EQ(picture.ok(), (word & kSlotMask) == 0) << word;
        for (int i = 0; i < 8; ++i) {
            shared.store(word + static_cast<uint32_t>(i));
            writer.publish(rgba_header());
            EXPECT_GE(writer.payload(), start + kPayloadOffset);
            EXPECT_LE(writer.payload() + writer.payload_capacity(), end);
        }
    }
}

struct Malicious : LinkFixture {
    /// Publishes a picture, lets `change` scribble its header, takes it.
    template <class F>
    std::string taken_after(SlotKind kind, F change) {
        auto writer = configured(wish(kind));
        SlotHeader header = rgba_header();
        if (kind == SlotKind::i420) {
            header.kind = SlotKind::i420;
            header.stride = 320;
            header.bytes = 320 * 180 * 3 / 2;
        }
        if (kind == SlotKind::draw_list) header = SlotHeader{};
        if (kind == SlotKind::draw_list) header.kind = kind;
        header.width = 320;
        header.height = 180;
        writer.publish(header);
        change(slot(0));
        auto picture = consumer->take(surface);
        if (!picture.ok()) return picture.error().code;
        return picture->has_value() ? "taken" : "nothing";
    }
};

TEST_F(Malicious, malicious_header_honest_ones_are_taken) {
    EXPECT_EQ(taken_after(SlotKind::rgba, [](SlotHeader&) {}), "taken");
    EXPECT_EQ(taken_after(SlotKind::i420, [](SlotHeader&) {}), "taken");
    EXPECT_EQ(taken_after(SlotKind::draw_list, [](SlotHeader&) {}), "taken");
}
TEST_F(Malicious, malicious_magic) {
    EXPECT_EQ(taken_after(SlotKind::rgba, [](SlotHeader& h) { h.magic = 0; }), "invalid");
}
TEST_F(Malicious, malicious_kind) {
    const auto draw = [](SlotHeader& h) { h.kind = SlotKind::draw_list; };
    EXPECT_EQ(taken_after(SlotKind::rgba, draw), "invalid");
    const auto unknown = [](SlotHeader& h) { h.kind = static_cast<SlotKind>(77); };
    EXPECT_EQ(taken_after(SlotKind::rgba, unknown), "invalid");
    const auto pixels = [](SlotHeader& h) { h.kind = SlotKind::rgba; };
    EXPECT_EQ(taken_after(SlotKind::draw_list, pixels), "invalid");
}
TEST_F(Malicious, malicious_generation) {
    EXPECT_EQ(taken_after(SlotKind::rgba, [](SlotHeader& h) { h.generation += 1; }), "invalid");
}
TEST_F(Malicious, malicious_width) {
    for (uint32_t w : {0u, 16385u, 0x80000000u, UINT32_MAX})
        for (SlotKind kind : {SlotKind::rgba, SlotKind::i420, SlotKind::draw_list})
            EXPECT_EQ(taken_after(kind, [&](SlotHeader& h) { h.width = w; }), "invalid") << w;
}
TEST_F(Malicious, malicious_height) {
    for (uint32_t v : {0u, 16385u, UINT32_MAX})
        for (SlotKind kind : {SlotKind::rgba, SlotKind::i420, SlotKind::draw_list})
            EXPECT_EQ(taken_after(kind, [&](SlotHeader& h) { h.height = v; }), "invalid") << v;
    EXPECT_EQ(taken_after(SlotKind::rgba, [](SlotHeader& h) { h.height = 181; }), "invalid");
    EXPECT_EQ(taken_after(SlotKind::i420, [](SlotHeader& h) { h.height = 182; }), "invalid");
}
TEST_F(Malicious, malicious_stride) {
    for (uint32_t v : {0u, 1279u, 1281u, 1284u, UINT32_MAX - 3})
        EXPECT_EQ(taken_after(SlotKind::rgba, [&](SlotHeader& h) { h.stride = v; }), "invalid");
    for (uint32_t v : {0u, 319u, 321u, UINT32_MAX})
        EXPECT_EQ(taken_after(SlotKind::i420, [&](SlotHeader& h) { h.stride = v; }), "invalid");
}
TEST_F(Malicious, malicious_bytes) {
    for (uint64_t v : {uint64_t{0}, uint64_t{320 * 180 * 4 - 1}, uint64_t{1} << 40, UINT64_MAX})
        EXPECT_EQ(taken_after(SlotKind::rgba, [&](SlotHeader& h) { h.bytes = v; }), "invalid");
    for (uint64_t v : {uint64_t{1} << 40, UINT64_MAX})
        EXPECT_EQ(taken_after(SlotKind::draw_list, [&](SlotHeader& h) { h.bytes = v; }), "invalid");
}

}  // namespace
}  // namespace bw::surface
