// SPDX-License-Identifier: Apache-2.0
// A panel's textures on the producing side: what is refused, and that no pixel changes that the
// consumer may be looking at.
#include "core/surface/textures.h"

#include <sys/stat.h>

#include <algorithm>

#include "tests/surface/fixture.h"

namespace bw::surface {
namespace {

constexpr uint64_t kMiB = 1 << 20;

struct TexturesTest : LinkFixture {
    void SetUp() override { open(48 * kMiB, 32 * kMiB); }

    /// Fills a texture, or a part of it, with one value.
    static base::Status fill(Textures& textures, uint32_t id, uint32_t value, uint32_t width,
                             uint32_t height, uint32_t x = 0, uint32_t y = 0) {
        const std::vector<uint32_t> pixels(size_t{width} * height, value);
        return textures.write(id, {pixels.data(), uint64_t{4} * width, x, y, width, height});
    }
    /// Publishes, takes and copies.
    DrawList shown(Producer::Writer& writer, Textures& textures) {
        EXPECT_TRUE(publish_draw_list(writer, {}, 1, &textures).ok());
        return taken();
    }
    DrawList taken() {
        auto picture = consumer->take(surface);
        EXPECT_TRUE(picture.ok() && picture->has_value());
        auto list = copy_draw_list(**picture);
        EXPECT_TRUE(list.ok());
        return list.ok() ? std::move(*list) : DrawList{};
    }
    static uint32_t at(const Texture& texture, uint32_t x, uint32_t y) {
        uint32_t pixel = 0;
        std::memcpy(&pixel, texture.pixels + (size_t{y} * texture.width + x) * 4, 4);
        return pixel;
    }
    [[nodiscard]] uint64_t touched() const {
        struct stat info {};
        fstat(arena_fd.get(), &info);
        return static_cast<uint64_t>(info.st_blocks) * 512;
    }
};

TEST_F(TexturesTest, one_arrives_transparent_and_then_as_written) {
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    const auto id = textures.create(20, 10);
    ASSERT_TRUE(id.ok());
    DrawList list = shown(writer, textures);
    ASSERT_EQ(list.textures.size(), 1u);
    EXPECT_EQ(list.textures[0].width, 20u);
    EXPECT_EQ(list.textures[0].height, 10u);
    EXPECT_EQ(at(list.textures[0], 19, 9), 0u);
    const uint64_t before = list.textures[0].version;

    ASSERT_TRUE(fill(textures, *id, 0xFF112233, 20, 10).ok());
    ASSERT_TRUE(fill(textures, *id, 0x80445566, 3, 2, 17, 8).ok());  // the lower right corner
    list = shown(writer, textures);
    EXPECT_EQ(at(list.textures[0], 16, 9), 0xFF112233);
    EXPECT_EQ(at(list.textures[0], 17, 7), 0xFF112233);
    EXPECT_EQ(at(list.textures[0], 17, 8), 0x80445566);
    EXPECT_EQ(at(list.textures[0], 19, 9), 0x80445566);
    EXPECT_GT(list.textures[0].version, before);
}

TEST_F(TexturesTest, rows_may_lie_apart) {
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    const uint32_t id = *textures.create(2, 2);
    const uint32_t pixels[] = {1, 2, 99, 3, 4, 99};
    ASSERT_TRUE(textures.write(id, {pixels, 12, 0, 0, 2, 2}).ok());
    const DrawList list = shown(writer, textures);
    EXPECT_EQ(at(list.textures[0], 1, 0), 2u);
    EXPECT_EQ(at(list.textures[0], 0, 1), 3u);
}

// Whatever the panel writes, in whatever order pictures are taken: what was taken does not change.
TEST_F(TexturesTest, what_the_consumer_holds_is_left_alone) {
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    const uint32_t id = *textures.create(64, 64);
    uint32_t drawn = 0;
    const auto publish = [&] {
        ASSERT_TRUE(fill(textures, id, ++drawn, 64, 64).ok());
        ASSERT_TRUE(publish_draw_list(writer, {}, 1, &textures).ok());
    };
    for (int pictures : {1, 1, 2, 3, 1, 7}) {
        for (int i = 0; i < pictures; ++i) publish();
        const DrawList held = taken();
        const uint32_t value = drawn;
        EXPECT_EQ(at(held.textures[0], 0, 0), value);
        for (int i = 0; i < 3; ++i) {  // nobody takes these
            publish();
            EXPECT_EQ(at(held.textures[0], 0, 0), value);
            EXPECT_EQ(at(held.textures[0], 63, 63), value);
        }
    }
}

TEST_F(TexturesTest, one_that_nobody_writes_lies_where_it_lay) {
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    const uint32_t still = *textures.create(256, 256), busy = *textures.create(256, 256);
    const DrawList first = shown(writer, textures);
    for (uint32_t i = 0; i < 5; ++i) {
        ASSERT_TRUE(fill(textures, busy, i, 256, 256).ok());
        const DrawList list = shown(writer, textures);
        EXPECT_EQ(list.texture(still)->pixels, first.texture(still)->pixels);
        EXPECT_EQ(list.texture(still)->version, first.texture(still)->version);
        EXPECT_NE(list.texture(busy)->version, first.texture(busy)->version);
    }
    EXPECT_LT(touched(), 5 * kMiB / 4 + kMiB) << "one version of one, three at most of the other";
}

TEST_F(TexturesTest, a_part_that_is_written_leaves_the_rest_also_in_a_new_version) {
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    const uint32_t id = *textures.create(8, 8);
    ASSERT_TRUE(fill(textures, id, 7, 8, 8).ok());
    const DrawList before = shown(writer, textures);
    ASSERT_TRUE(fill(textures, id, 9, 1, 1, 4, 4).ok());
    const DrawList after = shown(writer, textures);
    EXPECT_EQ(at(after.textures[0], 4, 4), 9u);
    EXPECT_EQ(at(after.textures[0], 5, 4), 7u);
    EXPECT_EQ(at(before.textures[0], 4, 4), 7u);
}

TEST_F(TexturesTest, sides_number_and_sum_have_limits) {
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    const auto refused = [&](uint32_t width, uint32_t height, const char* code, const char* text) {
        const auto made = textures.create(width, height);
        ASSERT_FALSE(made.ok());
        EXPECT_EQ(made.error().code, code);
        EXPECT_NE(made.error().text.find(text), std::string::npos) << made.error().text;
    };
    refused(0, 10, "invalid", "0 x 10");
    refused(10, 0, "invalid", "1 to 4096");
    refused(4097, 1, "invalid", "1 to 4096");
    refused(UINT32_MAX, UINT32_MAX, "invalid", "1 to 4096");
    const auto large = textures.create(4096, 1023);
    ASSERT_TRUE(large.ok());
    refused(4096, 2, "full", "16 MiB");
    ASSERT_TRUE(textures.create(4096, 1).ok());
    EXPECT_TRUE(textures.destroy(*large));
    for (int i = 1; i < 64; ++i) ASSERT_TRUE(textures.create(1, 1).ok());
    refused(1, 1, "full", "destroy one");
}

TEST_F(TexturesTest, all_of_a_link_have_a_limit) {
    open(200 * kMiB, 160 * kMiB);
    std::vector<std::unique_ptr<Textures>> panels;
    auto writer = configured(wish(SlotKind::draw_list));
    for (int i = 0; i < 8; ++i) {
        panels.push_back(std::make_unique<Textures>(writer.textures()));
        ASSERT_TRUE(panels.back()->create(4096, 1024).ok());
    }
    Textures last(writer.textures());
    EXPECT_EQ(last.create(1, 1).error().code, "full");
    panels.pop_back();
    EXPECT_TRUE(last.create(1, 1).ok());
}

TEST_F(TexturesTest, a_link_without_a_heap_refuses_each) {
    open(16 * kMiB);
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    EXPECT_EQ(textures.create(1, 1).error().code, "full");
    EXPECT_TRUE(publish_draw_list(writer, {}, 1, &textures).ok());
}

TEST_F(TexturesTest, a_heap_without_room_for_another_version_says_so_and_keeps_this_one) {
    open(16 * kMiB, 1 * kMiB);
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    const uint32_t id = *textures.create(512, 300);  // 600 KiB
    EXPECT_EQ(textures.create(512, 300).error().code, "full");
    ASSERT_TRUE(fill(textures, id, 5, 512, 300).ok());
    ASSERT_TRUE(publish_draw_list(writer, {}, 1, &textures).ok());
    EXPECT_EQ(fill(textures, id, 6, 512, 300).error().code, "full");
    EXPECT_EQ(at(taken().textures[0], 100, 100), 5u);
}

TEST_F(TexturesTest, writes_that_are_wrong_change_nothing) {
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    const uint32_t id = *textures.create(10, 10);
    const uint64_t version = textures.records()[0].version;
    const uint32_t pixels[100] = {};
    const auto code = [&](uint32_t which, const TexturePart& part) {
        auto done = textures.write(which, part);
        return done.ok() ? "" : done.error().code;
    };
    EXPECT_EQ(code(0, {pixels, 40, 0, 0, 10, 10}), "not_found");
    EXPECT_EQ(code(id + 1, {pixels, 40, 0, 0, 10, 10}), "not_found");
    EXPECT_EQ(code(id, {nullptr, 40, 0, 0, 10, 10}), "invalid");
    EXPECT_EQ(code(id, {pixels, 39, 0, 0, 10, 10}), "invalid");
    EXPECT_EQ(code(id, {pixels, 40, 1, 0, 10, 10}), "invalid");
    EXPECT_EQ(code(id, {pixels, 40, 0, 1, 10, 10}), "invalid");
    EXPECT_EQ(code(id, {pixels, 40, UINT32_MAX, 0, 2, 1}), "invalid");
    EXPECT_EQ(code(id, {pixels, 40, 0, UINT32_MAX, 1, 2}), "invalid");
    EXPECT_EQ(code(id, {pixels, 40, 0, 0, 0, 1}), "invalid");
    EXPECT_EQ(code(id, {pixels, 40, 0, 0, 1, 0}), "invalid");
    EXPECT_EQ(textures.records()[0].version, version);
}

TEST_F(TexturesTest, an_id_ends_and_is_not_given_again) {
    auto writer = configured(wish(SlotKind::draw_list));
    Textures textures(writer.textures());
    const uint32_t first = *textures.create(4, 4);
    EXPECT_TRUE(textures.destroy(first));
    EXPECT_FALSE(textures.destroy(first));
    EXPECT_FALSE(textures.destroy(0));
    EXPECT_NE(*textures.create(4, 4), first);
    EXPECT_EQ(shown(writer, textures).textures.size(), 1u);
}

TEST_F(TexturesTest, memory_of_what_is_gone_goes_back) {
    auto writer = configured(wish(SlotKind::draw_list));
    const uint64_t before = touched();
    {
        Textures textures(writer.textures());
        const uint32_t id = *textures.create(1024, 1024);
        ASSERT_TRUE(fill(textures, id, 1, 1024, 1024).ok());
        const DrawList held = shown(writer, textures);
        EXPECT_GE(touched(), before + 4 * kMiB);
        ASSERT_TRUE(textures.destroy(id));
        ASSERT_TRUE(publish_draw_list(writer, {}, 1, &textures).ok());
        EXPECT_EQ(at(held.textures[0], 9, 9), 1u) << "the consumer holds the picture that shows it";
        for (int i = 0; i < 2; ++i) (void)shown(writer, textures);
        EXPECT_LT(touched(), before + kMiB);
        ASSERT_TRUE(textures.create(1024, 1024).ok());
    }
    EXPECT_GE(touched(), before + 4 * kMiB) << "the consumer may still show it";
    consumer->release(surface);
    while (producer->receive().ok()) {
    }
    EXPECT_LT(touched(), before + kMiB);
}

TEST_F(TexturesTest, a_configure_that_breaks_the_protocol_is_refused) {
    (void)configured(wish(SlotKind::draw_list));
    Configure other = region;
    other.texture_pages = region.texture_pages + 1;
    EXPECT_FALSE(Producer::Writer::make(*producer, surface, other).ok());
    other.texture_pages = UINT32_MAX;
    EXPECT_FALSE(Producer::Writer::make(*producer, surface, other).ok());
    other = region;
    other.offset = 16 * kMiB - 4096;  // its slots would lie in the heap
    EXPECT_FALSE(Producer::Writer::make(*producer, surface, other).ok());
}

}  // namespace
}  // namespace bw::surface
