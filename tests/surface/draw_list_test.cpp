// SPDX-License-Identifier: Apache-2.0
// Draw lists over the border: the round trip, and each field as a hostile panel would set it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/surface/fixture.h"

namespace bw::surface {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

TEST(DrawListExtents, ARangeIsThatOfItsIndices) {
    EXPECT_EQ(range_of({}).end, 0U);
    std::minstd_rand random(5);
    for (size_t count = 1; count < 40; ++count) {
        std::vector<uint32_t> indices(count);
        for (uint32_t& one : indices) one = 7 + static_cast<uint32_t>(random()) * 2U;
        const auto [least, greatest] = std::minmax_element(indices.begin(), indices.end());
        const IndexRange range = range_of(indices);
        EXPECT_EQ(range.first, *least) << count;
        EXPECT_EQ(range.end, *greatest + 1) << count;
    }
}

TEST(DrawListExtents, BoundsLieAroundEveryVertex) {
    const Bounds none = bounds_of({});
    EXPECT_GT(none.x0, none.x1);
    const std::vector<Vertex> vertices = {
        {3, -4, 900, 900, 0}, {-1, 2, 0, 0, 1}, {2, 8, -9, -9, 2}};
    const Bounds bounds = bounds_of(vertices);
    EXPECT_EQ(bounds.x0, -1);
    EXPECT_EQ(bounds.y0, -4);
    EXPECT_EQ(bounds.x1, 3);
    EXPECT_EQ(bounds.y1, 8);
}

struct DrawListTest : LinkFixture {
    /// Publishes the list as it is (publishing does not validate content), and copies it back.
    base::Result<DrawList> copied(const DrawList& list) {
        auto writer = configured(wish(SlotKind::draw_list));
        EXPECT_TRUE(publish_draw_list(writer, list, 5).ok());
        auto picture = consumer->take(surface);
        EXPECT_TRUE(picture.ok() && picture->has_value());
        return copy_draw_list(**picture);
    }
    template <class F>
    std::string refused(F change) {
        DrawList list = sample_list();
        change(list);
        auto result = copied(list);
        return result.ok() ? "" : result.error().code + " " + result.error().text;
    }
    template <class F>
    std::string refused_header(F change) {
        auto writer = configured(wish(SlotKind::draw_list));
        EXPECT_TRUE(publish_draw_list(writer, sample_list(), 5).ok());
        auto picture = consumer->take(surface);
        change((*picture)->header);
        auto result = copy_draw_list(**picture);
        return result.ok() ? "" : result.error().code + " " + result.error().text;
    }
};

using testing::Test;
#define EXPECT_REFUSED(text, ...) \
    EXPECT_NE(refused(__VA_ARGS__).find("invalid draw list: " text), std::string::npos)
#define EXPECT_HEADER_REFUSED(text, ...) \
    EXPECT_NE(refused_header(__VA_ARGS__).find("invalid draw list: " text), std::string::npos)

TEST_F(DrawListTest, comes_back_as_it_went) {
    const DrawList list = sample_list();
    auto back = copied(list);
    ASSERT_TRUE(back.ok()) << back.error().text;
    ASSERT_EQ(back->vertices.size(), 3u);
    EXPECT_EQ(back->vertices[1].x, 10.f);
    EXPECT_EQ(back->indices, list.indices);
    ASSERT_EQ(back->commands.size(), 2u);
    EXPECT_EQ(back->commands[0].count, 3u);
    EXPECT_EQ(back->commands[1].video, 0);
    EXPECT_STREQ(back->videos[0].source, "camera/FF-001");
}

TEST_F(DrawListTest, what_is_kept_of_its_pieces_is_true_of_every_part) {
    std::minstd_rand random(9);
    auto upto = [&random](size_t limit) { return static_cast<uint32_t>(random() % limit); };
    DrawList list;
    for (int i = 0; i < 1000; ++i)
        list.vertices.push_back({static_cast<float>(upto(5000)) - 2500,
                                 static_cast<float>(upto(5000)) - 2500, 9000, 9000, 0});
    // As glyphs have them: the indices of a part name the vertices of a part.
    for (uint32_t i = 0; i < 3000; ++i) list.indices.push_back(std::min(999U, i / 3 + upto(12)));
    auto back = copied(list);
    ASSERT_TRUE(back.ok()) << back.error().text;
    const Bounds all = bounds_of(list.vertices);
    EXPECT_EQ(back->bounds->x0, all.x0);
    EXPECT_EQ(back->bounds->y1, all.y1);
    for (int i = 0; i < 500; ++i) {
        const size_t first = upto(2999), count = upto(3000 - first) + 1;
        const Bounds a = bounds_of_named(list.vertices, list.indices, first, count, {});
        const Bounds b = bounds_of_named(list.vertices, list.indices, first, count, back->pieces);
        EXPECT_TRUE(a.x0 == b.x0 && a.y0 == b.y0 && a.x1 == b.x1 && a.y1 == b.y1)
            << first << " " << count;
    }
}

TEST_F(DrawListTest, memory_used_again_leaves_nothing_of_the_list_before) {
    DrawList before = sample_list();
    before.textures.push_back({});
    before.bounds = Bounds{};
    before.pieces.vertices.resize(9);
    before.pieces.indices.resize(9);
    auto writer = configured(wish(SlotKind::draw_list));
    ASSERT_TRUE(publish_draw_list(writer, DrawList{}, 5).ok());
    auto picture = consumer->take(surface);
    ASSERT_TRUE(picture.ok() && picture->has_value());
    auto list = copy_draw_list(**picture, std::move(before));
    ASSERT_TRUE(list.ok());
    EXPECT_TRUE(list->vertices.empty() && list->indices.empty() && list->commands.empty());
    EXPECT_TRUE(list->videos.empty() && list->textures.empty());
    EXPECT_TRUE(list->pieces.vertices.empty() && list->pieces.indices.empty());
    EXPECT_GT(list->bounds->x0, list->bounds->x1) << "around nothing";
}

TEST_F(DrawListTest, an_empty_list_is_a_picture) {
    auto back = copied({});
    ASSERT_TRUE(back.ok());
    EXPECT_TRUE(back->vertices.empty() && back->commands.empty());
}

TEST_F(DrawListTest, one_that_does_not_fit_says_full_and_publishes_nothing) {
    Consumer::Wish small = wish(SlotKind::draw_list);
    small.slot_bytes = 4000;
    auto writer = configured(small);
    DrawList list = sample_list();
    list.vertices.resize(1000);
    EXPECT_EQ(publish_draw_list(writer, list, 0).error().code, "full");
    list = sample_list();
    list.videos.resize(kMaxVideos + 1);
    EXPECT_EQ(publish_draw_list(writer, list, 0).error().code, "full");
    EXPECT_FALSE(consumer->take(surface)->has_value());
}

TEST_F(DrawListTest, clips_are_clamped_to_the_surface) {
    DrawList list = sample_list();
    list.commands[0] = {-1e9f, -5, 1e9f, 500, 0, 0, 3, -1};
    list.commands.push_back({100, 100, 50, 50, 0, 0, 3, -7});
    auto back = copied(list);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->commands[0].clip_x0, 0.f);
    EXPECT_EQ(back->commands[0].clip_y0, 0.f);
    EXPECT_EQ(back->commands[0].clip_x1, 320.f);
    EXPECT_EQ(back->commands[0].clip_y1, 180.f);
    EXPECT_EQ(back->commands[2].clip_x1, 100.f);  // turned round: empty
    EXPECT_EQ(back->commands[2].video, -1);
}

TEST_F(DrawListTest, malicious_vertex_not_finite) {
    for (float value : {kNan, kInf, -kInf}) {
        EXPECT_REFUSED("vertex", [&](DrawList& l) { l.vertices[0].x = value; });
        EXPECT_REFUSED("vertex", [&](DrawList& l) { l.vertices[1].y = value; });
        EXPECT_REFUSED("vertex", [&](DrawList& l) { l.vertices[2].u = value; });
        EXPECT_REFUSED("vertex", [&](DrawList& l) { l.vertices[2].v = value; });
    }
}
TEST_F(DrawListTest, malicious_index) {
    EXPECT_REFUSED("index", [](DrawList& l) { l.indices[2] = 3; });
    EXPECT_REFUSED("index", [](DrawList& l) { l.indices[0] = UINT32_MAX; });
    EXPECT_REFUSED("index", [](DrawList& l) { l.vertices.clear(); });
}
TEST_F(DrawListTest, malicious_clip) {
    EXPECT_REFUSED("clip", [](DrawList& l) { l.commands[0].clip_x0 = kNan; });
    EXPECT_REFUSED("clip", [](DrawList& l) { l.commands[0].clip_y0 = kInf; });
    EXPECT_REFUSED("clip", [](DrawList& l) { l.commands[1].clip_x1 = -kInf; });
    EXPECT_REFUSED("clip", [](DrawList& l) { l.commands[0].clip_y1 = kNan; });
}
TEST_F(DrawListTest, malicious_texture) {
    EXPECT_REFUSED("texture", [](DrawList& l) { l.commands[0].texture = 1; });
}
TEST_F(DrawListTest, malicious_first_index) {
    EXPECT_REFUSED("command beyond", [](DrawList& l) { l.commands[0].first_index = 1; });
    EXPECT_REFUSED("command beyond", [](DrawList& l) { l.commands[0].first_index = UINT32_MAX; });
    EXPECT_REFUSED("command beyond", [](DrawList& l) {
        l.commands[0].first_index = UINT32_MAX - 2;  // first + count wraps round in 32 bits
    });
}
TEST_F(DrawListTest, malicious_count) {
    EXPECT_REFUSED("count", [](DrawList& l) { l.commands[0].count = 2; });
    EXPECT_REFUSED("command beyond", [](DrawList& l) { l.commands[0].count = 6; });
    EXPECT_REFUSED("command beyond", [](DrawList& l) { l.commands[0].count = 0xFFFFFFFF; });
}
TEST_F(DrawListTest, malicious_video_entry) {
    EXPECT_REFUSED("command names a video", [](DrawList& l) { l.commands[1].video = 1; });
    EXPECT_REFUSED("command names a video", [](DrawList& l) { l.commands[1].video = INT32_MAX; });
}
TEST_F(DrawListTest, malicious_video_rectangle) {
    EXPECT_REFUSED("video without", [](DrawList& l) { l.videos[0].width = 0; });
    EXPECT_REFUSED("video without", [](DrawList& l) { l.videos[0].height = -5; });
    EXPECT_REFUSED("video outside", [](DrawList& l) { l.videos[0].x = -1; });
    EXPECT_REFUSED("video outside", [](DrawList& l) { l.videos[0].y = 91; });
    EXPECT_REFUSED("video outside", [](DrawList& l) { l.videos[0].x = INT32_MAX; });
    EXPECT_REFUSED("video outside", [](DrawList& l) { l.videos[0].width = INT32_MAX; });
}
TEST_F(DrawListTest, malicious_video_fit) {
    EXPECT_REFUSED("video's fit", [](DrawList& l) { l.videos[0].fit = static_cast<Fit>(9); });
}
TEST_F(DrawListTest, malicious_video_source) {
    EXPECT_REFUSED("video's source is empty", [](DrawList& l) { l.videos[0].source[0] = 0; });
    EXPECT_REFUSED("video's source is not terminated",
                   [](DrawList& l) { std::memset(l.videos[0].source, 'x', 64); });
}
TEST_F(DrawListTest, malicious_counts_beyond_the_caps) {
    EXPECT_HEADER_REFUSED("too many vertices", [](SlotHeader& h) { h.vertices = UINT32_MAX; });
    EXPECT_HEADER_REFUSED("too many indices", [](SlotHeader& h) { h.indices = UINT32_MAX; });
    EXPECT_HEADER_REFUSED("too many commands", [](SlotHeader& h) { h.commands = UINT32_MAX; });
    EXPECT_HEADER_REFUSED("too many videos", [](SlotHeader& h) { h.videos = UINT32_MAX; });
}
TEST_F(DrawListTest, malicious_counts_beyond_the_bytes) {
    EXPECT_HEADER_REFUSED("arrays beyond", [](SlotHeader& h) { h.vertices += 2; });
    EXPECT_HEADER_REFUSED("arrays beyond", [](SlotHeader& h) { h.indices = kMaxIndices; });
    EXPECT_HEADER_REFUSED("arrays beyond", [](SlotHeader& h) { h.bytes = 0; });
}
TEST_F(DrawListTest, malicious_kind_or_no_picture) {
    EXPECT_HEADER_REFUSED("kind", [](SlotHeader& h) { h.kind = SlotKind::rgba; });
    EXPECT_FALSE(copy_draw_list({}).ok());
    Picture none;
    none.header.kind = SlotKind::draw_list;
    EXPECT_FALSE(copy_draw_list(none).ok());
}

}  // namespace
}  // namespace bw::surface
