// SPDX-License-Identifier: Apache-2.0
// Inside the SDK: what one loaded panel library has, and what one panel's state is.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "beaconwall/sdk/geometry.h"
#include "beaconwall/sdk/panel.h"
#include "beaconwall/textures.h"
#include "core/text/atlas.h"
#include "core/text/imgui_adopt.h"

struct ImGuiContext;

namespace bw::sdk {

/// One panel's own Dear ImGui, with all that it remembers of the windows it once saw: it goes with
/// the panel.
struct ImGuiEnd {
    void operator()(ImGuiContext* context) const;
};
using ImGuiOwner = std::unique_ptr<ImGuiContext, ImGuiEnd>;

/// The host and the fonts, from init to deinit.
struct Library {
    const bw_host_t* host = nullptr;
    const bw_ext_log_t* log = nullptr;
    const bw_ext_events_t* events = nullptr;
    const bw_ext_clock_t* clock = nullptr;
    const bw_ext_view_t* view = nullptr;
    const bw_ext_keepouts_t* keepouts = nullptr;  // null: a host that has none to tell
    const bw_ext_textures_t* textures = nullptr;  // null: a host without
    std::unique_ptr<text::Atlas> atlas;
    std::unique_ptr<text::AdoptedFonts> fonts;
    std::vector<PanelClass> classes;

    void write(uint32_t level, const std::string& text) const;
};
Library& library();

struct Panel::State {
    uint64_t handle = 0;
    std::string pane, language = "zh";
    Json settings = Json::object(), view = Json::object();
    float width = 0, height = 0, scale = 1;
    std::vector<Rect> keepouts;
    bool started = false;
    bool failed = false;  // start() or configured() threw: nothing to show
    std::optional<double> redraw_s;
    ImGuiOwner imgui;

    bool pointer_inside = false;
    float pointer_x = 0, pointer_y = 0;
    int64_t pointer_since_ns = 0;  // wall clock: pages stand still from here on

    struct Pressable {
        Rect area;
        std::function<void()> pressed;
    };
    std::vector<Pressable> pressables;  // of the last draw()
    [[nodiscard]] const Pressable* under_pointer() const;
};

}  // namespace bw::sdk
