// SPDX-License-Identifier: Apache-2.0
// Inside the SDK: one draw() of one panel.
#pragma once

#include <imgui.h>

#include <vector>

#include "beaconwall/sdk/ui.h"
#include "library.h"

namespace bw::sdk {

struct Ui::Frame {
    Panel::State& panel;
    const text::Atlas& atlas;
    const text::AdoptedFonts& fonts;
    int64_t now_ns = 0;
    float factor = 1;  // of the baked size
    ImDrawList* list = nullptr;
    std::vector<bw_video_command_t> videos = {};

    [[nodiscard]] const text::Face& face(Text style) const {
        return atlas.face(static_cast<text::Role>(style));
    }
};

/// Where ImGui's list says "a video goes here"; the user data is its number.
void video_marker(const ImDrawList*, const ImDrawCmd*);

/// What draw() drew, in the ABI's terms.
struct Picture {
    std::vector<bw_vertex_t> vertices;
    std::vector<uint32_t> indices;
    std::vector<bw_draw_command_t> commands;
    std::vector<bw_video_command_t> videos;
};
/// Runs panel.draw() in a Dear ImGui frame of the panel's size.
void render(Panel& panel, Picture& out);

/// Triangles (three points each) that fill a simple polygon, whatever its direction.
std::vector<Point> triangulate(const std::vector<Point>& polygon);

inline ImVec2 vec(Point p) {
    return {p.x, p.y};
}

}  // namespace bw::sdk
