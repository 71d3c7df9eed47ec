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

/// How many lines Ui::paragraph would break a text into.
size_t lines_of(const Ui& ui, Text style, std::string_view text, float width);

/// Each warning level has a shape of its own: colour is never alone.
Shape level_shape(Level level);

/// An age without seconds: "0 min", "12 min", "2 h 5 min".
std::string minutes_text(int64_t age_ns, bool chinese);

inline ImVec2 vec(Point p) {
    return {p.x, p.y};
}

}  // namespace bw::sdk
