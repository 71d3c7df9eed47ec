// SPDX-License-Identifier: Apache-2.0
// Another process scribbles the word, headers and payload while this one takes and copies: what
// copy_draw_list returns must hold all its promises all the same. A process and no thread, as in
// the hall; and a sanitizer has nothing to say about memory that another process writes.
#include <sched.h>
#include <sys/wait.h>

#include <cmath>
#include <csignal>
#include <random>

#include "core/base/clock.h"
#include "tests/surface/fixture.h"

namespace bw::surface {
namespace {

using HostileWriter = LinkFixture;

/// Checks every promise by itself, not with the validator under test.
void expect_sound(const DrawList& list, const SlotHeader& header, std::span<const std::byte> heap) {
    ASSERT_LE(list.vertices.size(), kMaxVertices);
    ASSERT_EQ(list.vertices.size(), header.vertices);
    ASSERT_EQ(list.indices.size(), header.indices);
    ASSERT_EQ(list.commands.size(), header.commands);
    ASSERT_EQ(list.videos.size(), header.videos);
    for (const Vertex& v : list.vertices)
        ASSERT_TRUE(std::isfinite(v.x) && std::isfinite(v.y) && std::isfinite(v.u) &&
                    std::isfinite(v.v));
    for (uint32_t index : list.indices) ASSERT_LT(index, list.vertices.size());
    for (const DrawCommand& c : list.commands) {
        ASSERT_TRUE(c.clip_x0 >= 0 && c.clip_x1 <= static_cast<float>(header.width));
        ASSERT_TRUE(c.clip_y0 >= 0 && c.clip_y1 <= static_cast<float>(header.height));
        ASSERT_TRUE(c.clip_x0 <= c.clip_x1 && c.clip_y0 <= c.clip_y1);
        ASSERT_LT(c.video, static_cast<int64_t>(list.videos.size()));
        ASSERT_TRUE(c.texture == 0 || list.texture(c.texture) != nullptr);
        ASSERT_EQ(c.count % 3, 0u);
        ASSERT_LE(uint64_t{c.first_index} + c.count, list.indices.size());
    }
    ASSERT_LE(list.textures.size(), kMaxTextures);
    for (const Texture& t : list.textures) {
        ASSERT_TRUE(t.width > 0 && t.height > 0 && t.width <= 4096 && t.height <= 4096);
        ASSERT_GE(t.pixels, heap.data());
        ASSERT_LE(t.pixels + uint64_t{4} * t.width * t.height, heap.data() + heap.size());
    }
    for (const VideoCommand& v : list.videos) {
        ASSERT_TRUE(v.x >= 0 && v.y >= 0 && v.width > 0 && v.height > 0);
        ASSERT_LE(int64_t{v.x} + v.width, int64_t{header.width});
        ASSERT_LE(int64_t{v.y} + v.height, int64_t{header.height});
        ASSERT_LT(strnlen(v.source, 64), 64u);
        ASSERT_NE(v.source[0], 0);
    }
}

[[noreturn]] void scribble(std::byte* slots, uint64_t capacity, Block& block, SlotHeader header) {
    std::minstd_rand random(17);  // NOLINT: the same run every time
    DrawList list = sample_list();
    list.commands[0].texture = 1;
    const TextureRecord texture{1, 32, 32, 0, 1, 4096};
    for (;;) {
        const uint32_t index = random() % kSlots;
        std::byte* slot = slots + index * capacity;
        header.generation = block.generation.load();
        header.number++;
        std::memcpy(slot, &header, sizeof header);
        std::memcpy(slot + kPayloadOffset, list.vertices.data(), 60);
        std::memcpy(slot + kPayloadOffset + 64, list.indices.data(), 12);
        std::memcpy(slot + kPayloadOffset + 80, list.commands.data(), 64);
        std::memcpy(slot + kPayloadOffset + 144, list.videos.data(), 88);
        std::memcpy(slot + kPayloadOffset + 232, &texture, sizeof texture);
        for (int i = 0; i < 3; ++i) {
            const uint32_t at = random() % (kPayloadOffset + 264) / 4 * 4;
            const uint32_t values[] = {0,          1,          3,          0x7fc00000u,
                                       0x7fffffff, UINT32_MAX, 0xfffffffd, 0x43200000u};
            std::memcpy(slot + at, &values[random() % 8], 4);
        }
        block.word.store(random() % 8 == 0 ? static_cast<uint32_t>(random())
                                           : (random() % kSlots | kFresh));
    }
}

/// Commits a slot and goes on writing it until some time after the consumer took it: the count of
/// indices, and one index after the other, which is beyond the vertices every second time.
[[noreturn]] void rewrite(std::byte* slots, uint64_t capacity, Block& block, SlotHeader header) {
    constexpr uint32_t kVertices = 2000, kIndices = 12000;  // enough that copying takes a while
    const std::vector<Vertex> vertices(kVertices, {1, 1, 0, 0, 0xffffffff});
    header.vertices = kVertices;
    header.commands = header.videos = 0;
    header.bytes = capacity - kPayloadOffset;
    for (uint32_t turn = 0;; ++turn) {
        std::byte* slot = slots + turn % kSlots * capacity;
        std::byte* indices = slot + kPayloadOffset + kVertices * sizeof(Vertex);
        std::memcpy(slot + kPayloadOffset, vertices.data(), kVertices * sizeof(Vertex));
        std::memset(indices, 0, kIndices * sizeof(uint32_t));
        std::memcpy(slot, &header, sizeof header);
        block.word.store(turn % kSlots | kFresh);
        for (uint32_t i = 0, after = 0; after < 10000; ++i) {
            if ((block.word.load() & kFresh) == 0) ++after;
            header.indices = i / 8 % 2 == 0 ? kIndices : 6;
            const uint32_t index = i % 2 == 0 ? kVertices : 0;
            std::memcpy(slot, &header, sizeof header);
            std::memcpy(indices + i / 2 * 7 % kIndices * sizeof index, &index, sizeof index);
            std::atomic_signal_fence(std::memory_order_seq_cst);  // each is written
        }
    }
}

class Child {
  public:
    explicit Child(pid_t pid) : pid_(pid) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        kill(pid_, SIGKILL);
        int status = 0;
        waitpid(pid_, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    }

  private:
    pid_t pid_;
};

struct Seen {
    uint64_t accepted = 0, refused = 0;
};

/// Takes and copies until `wanted` pictures of each kind were seen, and checks each that got
/// through.
Seen look(Consumer& consumer, uint32_t surface, uint64_t wanted) {
    Seen seen;
    const int64_t until = base::mono_ns() + 120 * base::kSecond;
    while ((seen.accepted < wanted || seen.refused < wanted) && base::mono_ns() < until &&
           !testing::Test::HasFatalFailure()) {
        auto picture = consumer.take(surface);
        if (!picture.ok()) ++seen.refused;
        if (picture.ok() && !picture->has_value()) sched_yield();  // to the writer, on one core
        if (!picture.ok() || !picture->has_value()) continue;
        auto list = copy_draw_list(**picture);
        list.ok() ? ++seen.accepted : ++seen.refused;
        if (list.ok()) expect_sound(*list, (*picture)->header, (*picture)->textures);
    }
    return seen;
}

TEST_F(HostileWriter, never_gets_an_unchecked_value_through) {
    open(16 << 20, 64 << 10);
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    const auto id = textures.create(32, 32);
    ASSERT_TRUE(id.ok());
    DrawList shown = sample_list();
    shown.commands[0].texture = *id;
    ASSERT_TRUE(publish_draw_list(writer, shown, 1, &textures).ok());
    const SlotHeader good = slot(0);
    const pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0)
        scribble(arena.data() + region.offset, region.capacity, control().blocks[surface], good);
    const Child child(pid);
    const Seen seen = look(*consumer, surface, 300);
    EXPECT_GE(seen.accepted, 300u);
    EXPECT_GE(seen.refused, 300u);
}

TEST_F(HostileWriter,
       rewriting_a_committed_slot_while_it_is_copied_gets_nothing_unchecked_through) {
    auto writer = configured(wish(SlotKind::draw_list));
    ASSERT_TRUE(publish_draw_list(writer, sample_list(), 1).ok());
    const SlotHeader good = slot(0);
    const pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0)
        rewrite(arena.data() + region.offset, region.capacity, control().blocks[surface], good);
    const Child child(pid);
    const Seen seen = look(*consumer, surface, 300);
    EXPECT_GE(seen.accepted, 300u);
    EXPECT_GE(seen.refused, 300u);
}

}  // namespace
}  // namespace bw::surface
