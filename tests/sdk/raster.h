// SPDX-License-Identifier: Apache-2.0
// What a panel hands over, drawn by core/text/raster.h.
#pragma once

#include <beaconwall/panel.h>

#include <cstring>

#include "core/text/raster.h"

namespace bw::test {

using text::Image;
using text::write_png;

inline Image rasterize(const bw_draw_list_t& from, const text::Atlas& atlas, int width,
                       int height) {
    surface::DrawList list;
    const auto copy = [](auto& to, const void* array, size_t count) {
        to.resize(count);
        if (count > 0) std::memcpy(to.data(), array, count * sizeof(to[0]));
    };
    copy(list.vertices, from.vertices, from.vertex_count);
    copy(list.indices, from.indices, from.index_count);
    copy(list.videos, from.videos, from.video_count);
    list.commands.resize(from.command_count);
    for (size_t i = 0; i < list.commands.size(); ++i)
        std::memcpy(&list.commands[i], &from.commands[i], sizeof list.commands[i]);
    return text::rasterize(list, atlas, width, height);
}

}  // namespace bw::test
