// SPDX-License-Identifier: Apache-2.0
// What a demo camera looks at: a panorama of mountain ridges, drawn once from a seed. Pure: pixels
// in, pixels out. No real place is shown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bw::demo_field {

inline constexpr int kCameraWidth = 640, kCameraHeight = 360;  // pixels, I420
inline constexpr int kSceneHeight = 344;                       // above the frame code
inline constexpr int kSceneWidth = 1600;                       // of the panorama

enum class Terrain : uint8_t { ridges = 1, river = 2, village = 3 };

/// One entry of SITE/data/cameras.json.
struct CameraPlan {
    std::string id;     // "FF-001"
    std::string label;  // burnt in
    uint32_t seed = 1;
    uint32_t light = 0;  // 0 overcast, 1 dawn, 2 clear, 3 dusk
    Terrain terrain = Terrain::ridges;
    std::string like;  // shows the pictures of that camera; empty: is drawn itself
};

struct Scene {
    std::vector<uint8_t> y, u, v;  // kSceneWidth x kSceneHeight, I420, packed rows
    uint8_t haze = 170;            // luma of the haze that drifts by
    int smoke_x = 0, smoke_y = 0;  // the plume's foot, in the panorama
};

Scene draw_scene(const CameraPlan& plan);

/// How much haze stands where: kSceneHeight rows that repeat after kHazePeriod columns; rows are
/// kHazePeriod + kCameraWidth wide so that any window of a picture's width is in one piece.
inline constexpr int kHazePeriod = 1024;
std::vector<uint8_t> draw_haze(uint32_t seed);

}  // namespace bw::demo_field
