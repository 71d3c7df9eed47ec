// SPDX-License-Identifier: Apache-2.0
#include "core/wall/hold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/wall/walls.h"

namespace bw::wall::test {
namespace {

using Names = std::vector<std::string>;

ScenePane pane(const std::string& id, RectMm rect, int z = 0) {
    ScenePane out;
    out.id = id;
    out.kind = Shows::source;
    out.source = "camera/" + id;
    out.rect = rect;
    out.z = z;
    return out;
}

Scene scene_of(const std::string& layout, std::vector<ScenePane> panes) {
    Scene scene;
    scene.layout = layout;
    scene.transition = {config::Transition::Kind::fade, 300};
    scene.panes = std::move(panes);
    return scene;
}

Names ids(const Scene& scene) {
    Names out;
    for (const ScenePane& p : scene.panes) out.push_back(p.id);
    return out;
}

const RectMm kLeft{0, 0, 100, 100}, kRight{100, 0, 100, 100}, kBoth{0, 0, 200, 100};

TEST(Hold, edges_in_common_do_not_touch) {
    EXPECT_FALSE(touches(kLeft, kRight));
    EXPECT_TRUE(touches(kLeft, kBoth));
    EXPECT_FALSE(touches(kLeft, RectMm{50, 50, 0, 10}));
    EXPECT_TRUE(touches(kRight, std::vector<RectMm>{kLeft, kBoth}));
    EXPECT_FALSE(touches(kRight, std::vector<RectMm>{}));
}

TEST(Hold, nothing_held_is_the_new_scene) {
    const Scene next = scene_of("b", {pane("x", kBoth)});
    const Held held = with_holds(scene_of("a", {pane("y", kLeft)}), next, {});
    EXPECT_EQ(held.scene, next);
    EXPECT_TRUE(held.left_out.empty());
}

TEST(Hold, panes_of_the_held_zone_stay_and_the_others_change) {
    const Scene on_air = scene_of("a", {pane("l1", kLeft), pane("r1", kRight)});
    const Scene next = scene_of("b", {pane("l2", kLeft), pane("r2", kRight)});
    const Held held = with_holds(on_air, next, {kLeft});
    EXPECT_EQ(ids(held.scene), (Names{"l1", "r2"}));
    EXPECT_EQ(held.left_out, (Names{"l2"}));
    EXPECT_EQ(held.scene.layout, "b");
    EXPECT_EQ(held.scene.transition, next.transition);
    const auto read = parse_scene(to_json(held.scene));
    ASSERT_TRUE(read) << read.error().text;  // its hash is its own
}

TEST(Hold, a_pane_that_stays_keeps_all_of_its_place) {
    // It reaches out of the held zone: what would lie under it there is left out, too.
    const Scene on_air = scene_of("a", {pane("wide", kBoth)});
    const Scene next = scene_of("b", {pane("l2", kLeft), pane("r2", kRight)});
    const Held held = with_holds(on_air, next, {kLeft});
    EXPECT_EQ(ids(held.scene), (Names{"wide"}));
    EXPECT_EQ(held.left_out, (Names{"l2", "r2"}));
}

TEST(Hold, an_empty_held_zone_stays_empty) {
    const Held held =
        with_holds(scene_of("a", {pane("r1", kRight)}),
                   scene_of("b", {pane("wide", kBoth), pane("r2", kRight, 1)}), {kLeft});
    EXPECT_EQ(ids(held.scene), (Names{"r2"}));
    EXPECT_EQ(held.left_out, (Names{"wide"}));
}

TEST(Hold, what_stays_as_it_is_was_not_left_out) {
    const Scene on_air = scene_of("a", {pane("l", kLeft), pane("r1", kRight)});
    const Held held =
        with_holds(on_air, scene_of("b", {pane("l", kLeft), pane("r2", kRight)}), {kLeft});
    EXPECT_EQ(ids(held.scene), (Names{"l", "r2"}));
    EXPECT_TRUE(held.left_out.empty());
}

TEST(Hold, two_panes_of_one_name_are_told_apart) {
    const Scene on_air = scene_of("a", {pane("cam", kLeft)});
    const Held held = with_holds(on_air, scene_of("b", {pane("cam", kRight)}), {kLeft});
    ASSERT_EQ(ids(held.scene), (Names{"cam", "cam~2"}));
    EXPECT_EQ(held.scene.panes[0].rect, kLeft);
    // And once it is released, nothing of that is left.
    const Scene after = scene_of("b", {pane("cam", kRight)});
    EXPECT_EQ(ids(with_holds(held.scene, after, {}).scene), (Names{"cam"}));
}

TEST(Hold, cells_left_out_are_named_as_their_grid) {
    ScenePane a = pane("cams/1", kLeft), b = pane("cams/2", {0, 50, 50, 50});
    a.grid = b.grid = "cams";
    const Held held = with_holds(scene_of("a", {}), scene_of("b", {a, b}), {kLeft});
    EXPECT_EQ(held.left_out, (Names{"cams"}));
}

RectMm random_rect(std::mt19937& random) {
    const auto at = [&random] { return static_cast<double>(random() % 20) * 10; };
    return {at(), at(), at() / 4 + 10, at() / 4 + 10};
}

Scene random_scene(std::mt19937& random, const std::string& layout) {
    std::vector<ScenePane> panes;
    for (unsigned i = 0; i < 12; ++i)
        panes.push_back(
            pane("p" + std::to_string(i), random_rect(random), static_cast<int>(random() % 3)));
    std::stable_sort(panes.begin(), panes.end(), [](auto& a, auto& b) { return a.z < b.z; });
    return scene_of(layout, panes);
}

// In the held boxes nothing changes; outside nothing of the old scene covers anything new.
TEST(Hold, holds_for_any_scenes) {
    std::mt19937 random(7);
    for (int round = 0; round < 500; ++round) {
        const Scene on_air = random_scene(random, "a"), next = random_scene(random, "b");
        const std::vector<RectMm> boxes{random_rect(random), random_rect(random)};
        const Scene merged = with_holds(on_air, next, boxes).scene;
        ASSERT_TRUE(parse_scene(to_json(merged)));
        std::vector<ScenePane> here, before;
        for (const ScenePane& p : merged.panes)
            if (touches(p.rect, boxes)) here.push_back(p);
        for (const ScenePane& p : on_air.panes)
            if (touches(p.rect, boxes)) before.push_back(p);
        EXPECT_EQ(here, before) << round;
        for (const ScenePane& p : merged.panes) {
            if (touches(p.rect, boxes)) continue;
            for (const ScenePane& kept : before) EXPECT_FALSE(touches(p.rect, kept.rect)) << round;
        }
        EXPECT_EQ(with_holds(merged, next, boxes).scene.panes, merged.panes) << round;
    }
}

}  // namespace
}  // namespace bw::wall::test
