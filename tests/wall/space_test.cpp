// SPDX-License-Identifier: Apache-2.0
// The space of a scene: what is read of it, what is refused, and its clock.
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "core/wall/hold.h"
#include "core/wall/resolve.h"
#include "core/wall/scene.h"
#include "tests/wall/walls.h"

namespace bw::wall::test {
namespace {

using json = nlohmann::json;
using Kind = SceneSpace::Kind;

constexpr int64_t kSecond = 1'000'000'000, kNoon = 1'782'878'400 * kSecond;  // 2026-07-01T12:00+08

SceneSpace replay() {
    return {
        "flood-2026", Kind::replay, {"七月洪水", "July flood"}, kNoon, kNoon - 86400 * kSecond, 10};
}

Scene scene_in(std::optional<SceneSpace> space) {
    const auto site = site_of(demo_wall(), tiling(demo_wall(), 3));
    return resolve(site, site.layouts[0], std::move(space));
}

TEST(SceneSpace, survives_the_trip_and_is_part_of_the_hash) {
    const Scene live = scene_in({}), then = scene_in(replay());
    EXPECT_NE(live.hash, then.hash);
    for (const ScenePane& pane : then.panes) EXPECT_EQ(pane.space, "flood-2026");
    for (const ScenePane& pane : live.panes) EXPECT_EQ(pane.space, "live");
    const auto back = parse_scene(to_json(then));
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(*back, then);
    EXPECT_FALSE(json::parse(to_json(live)).contains("space"));
    Scene other = then;
    for (SceneSpace space :
         {SceneSpace{"b", Kind::replay, {}, 1, 2, 3}, SceneSpace{"b", Kind::exercise, {}, 1, 2, 3},
          SceneSpace{"b", Kind::exercise, {}, 1, 2, 4},
          SceneSpace{"b", Kind::exercise, {"甲", ""}, 1, 2, 4}}) {
        const std::string before = other.hash;
        put_into(other, space);
        EXPECT_NE(other.hash, before);
        EXPECT_TRUE(parse_scene(to_json(other)).ok());
    }
    put_into(other, {});
    EXPECT_EQ(other, live);
}

TEST(SceneSpace, what_makes_no_sense_is_refused_for_what_it_is) {
    const json good = json::parse(to_json(scene_in(replay())));
    ASSERT_TRUE(parse_scene(good.dump()).ok());
    const auto fault = [&good](const char* pointer, const json& value) {
        json document = good;
        document[json::json_pointer(pointer)] = value;
        const auto scene = parse_scene(document.dump());
        return scene.ok() ? std::string("accepted") : scene.error().text;
    };
    const auto says = [](const std::string& text, const char* word) {
        return text.find(word) != std::string::npos && text.find("hash") == std::string::npos;
    };
    EXPECT_PRED2(says, fault("/space/kind", "drill"), "an exercise or a replay, not \"drill\"");
    EXPECT_PRED2(says, fault("/space/name", "live"), "leave `space` out");
    for (const json& name : {json(""), json("a b"), json("a/b"), json("演练"), json("a\nb"),
                             json(std::string(65, 'a'))})
        EXPECT_PRED2(says, fault("/space/name", name), "1 to 64 letters");
    for (const json& rate : {json(-1), json(-0.5), json(60.5), json(1e300)})
        EXPECT_PRED2(says, fault("/space/rate", rate), "allowed: 0 (it stands still) to 60");
    for (const char* clock : {"/space/wall_ns", "/space/space_ns"})
        for (const json& ns :
             {json(-1), json(4'000'000'000'000'000'001), json(UINT64_MAX), json(1.5), json("now")})
            EXPECT_PRED2(says, fault(clock, ns), "between the years 1970 and 2096") << ns;
    EXPECT_PRED2(says, fault("/space/title/zh", std::string(257, 'a')), "longer than 256");
    EXPECT_PRED2(says, fault("/space/title/en", "a\x1b"), "control characters");
    EXPECT_PRED2(says, fault("/panes/0/space", "live"), "a scene has one space");
    EXPECT_PRED2(says, fault("/space", nullptr), "a scene has one space");
    for (const char* gone : {"name", "kind", "title", "wall_ns", "space_ns", "rate"}) {
        json document = good;
        document["space"].erase(gone);
        EXPECT_PRED2(says, parse_scene(document.dump()).error().text, gone);
    }
    for (const json& none : {json(7), json("flood-2026"), json::array()})
        EXPECT_FALSE(parse_scene([&] {
                         json document = good;
                         document["space"] = none;
                         return document.dump();
                     }())
                         .ok());
}

TEST(SceneSpace, a_live_scene_has_no_pane_of_a_space) {
    json document = json::parse(to_json(scene_in({})));
    document["panes"][0]["space"] = "flood-2026";
    const auto scene = parse_scene(document.dump());
    ASSERT_FALSE(scene.ok());
    EXPECT_NE(scene.error().text.find("a scene has one space"), std::string::npos);
}

TEST(SceneSpace, its_clock_goes_at_its_rate_and_never_overflows) {
    SceneSpace space = replay();
    EXPECT_EQ(space_time(space, kNoon), kNoon - 86400 * kSecond);
    EXPECT_EQ(space_time(space, kNoon + 6 * kSecond), kNoon - 86340 * kSecond);
    EXPECT_EQ(space_time(space, kNoon - 6 * kSecond), kNoon - 86460 * kSecond);
    space.rate = 1;
    EXPECT_EQ(space_time(space, kNoon + 1'234'567'891), kNoon - 86400 * kSecond + 1'234'567'891);
    space.rate = 0.5;
    EXPECT_EQ(space_time(space, kNoon + kSecond), kNoon - 86400 * kSecond + kSecond / 2);
    space.rate = 0;  // a replay at its end
    EXPECT_EQ(space_time(space, kNoon + kSecond), kNoon - 86400 * kSecond);
    EXPECT_EQ(space_fault(space), "");
    space.rate = 60;
    constexpr int64_t most = std::numeric_limits<int64_t>::max();
    EXPECT_EQ(space_time(space, most), 4'000'000'000'000'000'000);
    EXPECT_EQ(space_time(space, -most), 0);
    space.rate = 1;
    EXPECT_GE(space_time(space, -most), 0);
    EXPECT_LE(space_time(space, most), 4'000'000'000'000'000'000);
}

TEST(SceneSpace, a_replay_shows_no_cameras_an_exercise_does) {
    EXPECT_FALSE(replay().shows_cameras());
    EXPECT_TRUE((SceneSpace{"drill", Kind::exercise, {}, 0, 0, 1}.shows_cameras()));
}

// A space that ends takes the wall back to live though somebody holds a zone: what stays there
// stays in place, but it is live as all of the wall is.
TEST(SceneSpace, what_a_hold_keeps_goes_along_into_the_other_space) {
    const Scene then = scene_in(replay()), live = scene_in({});
    const config::Display display = demo_wall().displays.front();
    const RectMm held{display.x_mm, display.y_mm, display.width_mm, display.height_mm};
    for (const auto& [from, to] : {std::pair{then, live}, std::pair{live, then}}) {
        const Held merged = with_holds(from, to, {held});
        EXPECT_EQ(merged.scene.space, to.space);
        const auto back = parse_scene(to_json(merged.scene));
        EXPECT_TRUE(back.ok()) << back.error().text;
    }
}

}  // namespace
}  // namespace bw::wall::test
