// SPDX-License-Identifier: Apache-2.0
// What a panel hands over, drawn by core/text/raster.h.
#pragma once

#include <cstring>

#include "fake_host.h"

namespace bw::test {

using text::Image;
using text::write_png;

inline Image rasterize(const bw_draw_list_t& from, const FakeHost& host, int width, int height) {
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
    for (const auto& [id, image] : host.textures)
        list.textures.push_back({id, static_cast<uint32_t>(image.width),
                                 static_cast<uint32_t>(image.height), 0,
                                 reinterpret_cast<const std::byte*>(image.pixels.data()), 0});
    return text::rasterize(list, host.atlas(), width, height);
}

}  // namespace bw::test
