// SPDX-License-Identifier: Apache-2.0
// Another process scribbles the word, headers and payload while this one takes and copies: what
// copy_draw_list returns must hold all its promises all the same.
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
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0)
        scribble(arena.data() + region.offset, region.capacity, control().blocks[surface], good);
    uint64_t accepted = 0, refused = 0;
    const int64_t until = base::mono_ns() + 120 * base::kSecond;
    while ((accepted < 300 || refused < 300) && base::mono_ns() < until && !HasFatalFailure()) {
        auto picture = consumer->take(surface);
        if (!picture.ok()) ++refused;
        if (picture.ok() && !picture->has_value()) sched_yield();  // to the writer, on one core
        if (!picture.ok() || !picture->has_value()) continue;
        auto list = copy_draw_list(**picture);
        list.ok() ? ++accepted : ++refused;
        if (list.ok()) expect_sound(*list, (*picture)->header, (*picture)->textures);
    }
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_GE(accepted, 300u);
    EXPECT_GE(refused, 300u);
}

}  // namespace
}  // namespace bw::surface
