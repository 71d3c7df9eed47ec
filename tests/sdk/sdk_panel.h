// SPDX-License-Identifier: Apache-2.0
// The gallery's panels, held by a host in the same process.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "fake_host.h"
#include "raster.h"

extern "C" const bw_panel_entry_t beaconwall_panel_entry;

namespace bw::test {

inline constexpr uint32_t kWidth = 860, kHeight = 480;

inline constexpr const char* kPanels[] = {"numbers", "rows",   "curve",  "places",
                                          "times",   "alarms", "nothing"};

struct Drawn {
    std::vector<bw_vertex_t> vertices;
    std::vector<uint32_t> indices;
    std::vector<bw_draw_command_t> commands;
    std::vector<bw_video_command_t> videos;
    int64_t next_draw_ns = 0;
    Image image;
};

class SdkPanel : public ::testing::Test {
  protected:
    Drawn draw(bw_panel_t* panel, uint32_t width = kWidth, uint32_t height = kHeight) {
        bw_draw_list_t list{};
        EXPECT_TRUE(panel->draw(panel, &list));
        Drawn drawn;
        drawn.vertices.assign(list.vertices, list.vertices + list.vertex_count);
        drawn.indices.assign(list.indices, list.indices + list.index_count);
        drawn.commands.assign(list.commands, list.commands + list.command_count);
        if (list.video_count > 0) drawn.videos.assign(list.videos, list.videos + list.video_count);
        drawn.next_draw_ns = list.next_draw_ns;
        drawn.image = rasterize(list, host_, static_cast<int>(width), static_cast<int>(height));
        return drawn;
    }
    Drawn draw_once(const char* id, const char* language = "zh", const char* settings = "{}") {
        bw_panel_t* panel = host_.create(id);
        host_.configure(panel, kWidth, kHeight, 1, language, settings);
        Drawn drawn = draw(panel);
        panel->destroy(panel);
        return drawn;
    }
    bool event(bw_panel_t* panel, const char* data) {
        bw_event_t event{"x.test", "thing/1", "test", "2026-07-01T08:00:00Z", data, 1,
                         0,        false,     false};
        return panel->event(panel, &event);
    }
    FakeHost host_{beaconwall_panel_entry, 1.0};
};

/// Triangles of letters that have ink in a strip.
inline int letters_in(const Drawn& drawn, const bw_keepout_t& strip, const text::Atlas& atlas) {
    int found = 0;
    for (size_t i = 0; i + 2 < drawn.indices.size(); i += 3) {
        float x0 = 1e9f, y0 = 1e9f, x1 = -1e9f, y1 = -1e9f;
        bool letter = true;
        for (size_t k = 0; k < 3; ++k) {
            const bw_vertex_t& v = drawn.vertices[drawn.indices[i + k]];
            letter = letter && (v.u != atlas.white_u() || v.v != atlas.white_v());
            x0 = std::min(x0, v.x), x1 = std::max(x1, v.x);
            y0 = std::min(y0, v.y), y1 = std::max(y1, v.y);
        }
        const bool enters = x1 > strip.x && x0 < strip.x + strip.width && y1 > strip.y &&
                            y0 < strip.y + strip.height;
        found += letter && enters ? 1 : 0;
    }
    return found;
}

}  // namespace bw::test
