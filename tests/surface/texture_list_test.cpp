// SPDX-License-Identifier: Apache-2.0
// Records of textures in a slot, each field as a hostile panel would set it.
#include "tests/surface/fixture.h"

namespace bw::surface {
namespace {

constexpr uint64_t kHeap = 40 << 20;

struct TextureListTest : LinkFixture {
    void SetUp() override { open(56 << 20, kHeap); }

    /// Two textures of a real panel, and a list that shows the first; then `change` rewrites their
    /// records in the slot.
    template <class F>
    std::string refused(F change) {
        auto writer = configured(wish(SlotKind::draw_list));
        Textures textures(writer.textures());
        DrawList list = sample_list();
        list.commands[0].texture = *textures.create(100, 50);
        EXPECT_TRUE(textures.create(30, 30).ok());
        const uint32_t at = writer.slot();
        EXPECT_TRUE(publish_draw_list(writer, list, 5, &textures).ok());
        auto* records = reinterpret_cast<TextureRecord*>(reinterpret_cast<std::byte*>(&slot(at)) +
                                                         kPayloadOffset + 64 + 16 + 64 + 88);
        EXPECT_EQ(records[0].id, list.commands[0].texture);
        EXPECT_EQ(records[1].width, 30u);
        change(slot(at), records);
        auto picture = consumer->take(surface);
        EXPECT_TRUE(picture.ok() && picture->has_value());
        auto result = copy_draw_list(**picture);
        return result.ok() ? "" : result.error().code + " " + result.error().text;
    }
};

#define EXPECT_REFUSED(text, ...)                                \
    EXPECT_NE(refused([](SlotHeader& header, TextureRecord* t) { \
                  (void)header, (void)t;                         \
                  __VA_ARGS__;                                   \
              }).find("invalid draw list: " text),               \
              std::string::npos)

TEST_F(TextureListTest, as_it_is_it_is_taken) {
    EXPECT_EQ(refused([](SlotHeader&, TextureRecord*) {}), "");
}
TEST_F(TextureListTest, malicious_textures_count) {
    EXPECT_REFUSED("too many textures", header.textures = UINT32_MAX);
    EXPECT_REFUSED("too many textures", header.textures = kMaxTextures + 1);
    EXPECT_REFUSED("arrays beyond its bytes", header.textures = 3);
    EXPECT_REFUSED("texture is not known", header.textures = 0);
}
TEST_F(TextureListTest, malicious_id) {
    EXPECT_REFUSED("texture without a number", t[1].id = 0);
    EXPECT_REFUSED("texture's number is another's", t[1].id = t[0].id);
    EXPECT_REFUSED("texture is not known", t[0].id = 4711);
}
TEST_F(TextureListTest, malicious_size) {
    EXPECT_REFUSED("texture without a size", t[0].width = 0);
    EXPECT_REFUSED("texture without a size", t[1].height = 0);
    EXPECT_REFUSED("texture is too large", t[0].width = 4097);
    EXPECT_REFUSED("texture is too large", t[0].height = UINT32_MAX);
    EXPECT_REFUSED("textures are too large together", t[0].offset = 0, t[0].width = 4096,
                   t[0].height = 1024, t[1].offset = 16 << 20);
}
TEST_F(TextureListTest, malicious_offset) {
    EXPECT_REFUSED("texture is not aligned", t[0].offset = 4);
    EXPECT_REFUSED("texture outside its heap", t[0].offset = kHeap);
    EXPECT_REFUSED("texture outside its heap", t[0].offset = kHeap - 4096);
    EXPECT_REFUSED("texture outside its heap", t[1].offset = UINT64_MAX / 4096 * 4096);
    EXPECT_REFUSED("texture overlaps another", t[1].offset = t[0].offset);
    EXPECT_REFUSED("texture overlaps another", t[1].offset = t[0].offset + 4096);
}
TEST_F(TextureListTest, the_last_page_of_the_heap_may_be_used) {
    EXPECT_EQ(refused([](SlotHeader&, TextureRecord* t) { t[1].offset = kHeap - 4096; }), "");
    EXPECT_REFUSED("textures are too large together", t[0].width = t[0].height = 2048,
                   t[0].offset = kHeap - (16 << 20), t[1].width = t[1].height = 1, t[1].offset = 0);
}
TEST_F(TextureListTest, a_link_without_a_heap_has_no_textures) {
    open(16 << 20);
    auto writer = configured(wish(SlotKind::draw_list));
    EXPECT_TRUE(publish_draw_list(writer, {}, 5).ok());
    slot(0).textures = 1;
    slot(0).bytes = sizeof(TextureRecord);
    const TextureRecord record{1, 1, 1, 0, 1, 0};
    std::memcpy(writer.payload(), &record, sizeof record);
    std::memcpy(reinterpret_cast<std::byte*>(&slot(0)) + kPayloadOffset, &record, sizeof record);
    auto picture = consumer->take(surface);
    ASSERT_TRUE(picture.ok() && picture->has_value());
    EXPECT_EQ(copy_draw_list(**picture).error().text,
              "draw list: texture outside its heap (entry 0)");
}

}  // namespace
}  // namespace bw::surface
