// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/wall/scene.h"
#include "tests/wall/walls.h"

namespace bw::wall::test {
namespace {

using json = nlohmann::json;

TEST(SceneJson, scene_survives_the_trip_to_the_bit) {
    for (unsigned seed = 1; seed <= 100; ++seed) {
        auto layout = tiling(random_wall(seed), seed);
        layout.title = {"标题 \"引号\"", "Title\n"};
        layout.panes[0].settings = R"({"list":[1,2.5,"三"],"on":true})";
        const auto site = site_of(random_wall(seed), layout);
        Scene scene = resolve(site, site.layouts[0]);
        scene.take = seed;
        const auto back = parse_scene(to_json(scene));
        ASSERT_TRUE(back) << back.error().text;
        EXPECT_EQ(*back, scene) << "seed " << seed;
    }
}

Scene small_scene() {
    const auto site = site_of(demo_wall(), tiling(demo_wall(), 3));
    return resolve(site, site.layouts[0]);
}

TEST(SceneJson, has_the_documented_members) {
    const json document = json::parse(to_json(small_scene()));
    for (const char* key : {"hash", "layout", "title", "take", "panes"})
        EXPECT_TRUE(document.contains(key)) << key;
    for (const char* key : {"id", "kind", "plugin", "panel", "source", "title", "caption", "z",
                            "rect", "settings", "space"})
        EXPECT_TRUE(document["panes"][0].contains(key)) << key;
    EXPECT_EQ(document["panes"][0]["rect"].size(), 4u);
    EXPECT_TRUE(document["panes"][0]["settings"].is_object());
}

TEST(SceneJson, changed_scene_does_not_match_its_hash) {
    json document = json::parse(to_json(small_scene()));
    document["panes"][0]["z"] = 9;
    const auto scene = parse_scene(document.dump());
    ASSERT_FALSE(scene.ok());
    EXPECT_EQ(scene.error().code, "invalid");
    EXPECT_NE(scene.error().text.find("hash"), std::string::npos);
}

TEST(SceneJson, refuses_what_is_no_scene) {
    const json good = json::parse(to_json(small_scene()));
    for (const char* text : {"", "[]", "null", "{}", "{\"panes\":[]}"})
        EXPECT_FALSE(parse_scene(text).ok()) << text;
    const auto with = [&good](const char* pointer, const json& value) {
        json document = good;
        document[json::json_pointer(pointer)] = value;
        return document.dump();
    };
    EXPECT_TRUE(parse_scene(with("/take", 5)).ok());
    for (const auto& [pointer, value] :
         std::vector<std::pair<const char*, json>>{{"/take", "x"},
                                                   {"/panes", 3},
                                                   {"/panes/0", nullptr},
                                                   {"/panes/0/id", ""},
                                                   {"/panes/0/id", good["panes"][1]["id"]},
                                                   {"/panes/0/kind", "video"},
                                                   {"/panes/0/panel", ""},
                                                   {"/panes/0/rect", {1, 2, 3}},
                                                   {"/panes/0/rect", {1, 2, -3, 4}},
                                                   {"/panes/0/rect", {1, 2, 1e300, 4}},
                                                   {"/panes/0/rect", {nullptr, 2, 3, 4}},
                                                   {"/panes/0/settings", "text"},
                                                   {"/title", "text"}}) {
        const auto scene = parse_scene(with(pointer, value));
        ASSERT_FALSE(scene.ok()) << pointer;
        EXPECT_EQ(scene.error().text.find("hash"), std::string::npos)
            << pointer << " must be refused for what it is";
    }
    EXPECT_FALSE(parse_scene(std::string(2 << 20, ' ') + good.dump()).ok());
}

}  // namespace
}  // namespace bw::wall::test
