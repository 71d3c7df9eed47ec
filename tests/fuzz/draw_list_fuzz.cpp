// SPDX-License-Identifier: Apache-2.0
// A slot's bytes as a hostile panel would leave them: header, then payload. What the validator lets
// through must hold every promise; what it refuses must be an Error.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "core/surface/link.h"

using namespace bw::surface;

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

std::vector<std::byte>& heap() {
    static std::vector<std::byte> bytes(256 << 10);
    return bytes;
}

/// Every pixel that a texture names must be readable.
void check(const Texture& t) {
    const uint64_t bytes = uint64_t{4} * t.width * t.height;
    require(t.id != 0 && bytes != 0 && bytes <= heap().size());
    require(t.pixels >= heap().data() && t.pixels <= heap().data() + heap().size() - bytes);
    volatile std::byte sink = t.pixels[0];
    sink = t.pixels[bytes - 1];
    (void)sink;
}

void check(const DrawList& list, const SlotHeader& header) {
    require(list.textures.size() <= kMaxTextures);
    for (const Texture& t : list.textures) {
        check(t);
        require(list.texture(t.id) == &t);
    }
    for (const Vertex& v : list.vertices)
        require(std::isfinite(v.x) && std::isfinite(v.y) && std::isfinite(v.u) &&
                std::isfinite(v.v));
    for (uint32_t index : list.indices) require(index < list.vertices.size());
    for (const DrawCommand& c : list.commands) {
        require(c.clip_x0 >= 0 && c.clip_x1 <= static_cast<float>(header.width));
        require(c.clip_x0 <= c.clip_x1 && c.clip_y0 <= c.clip_y1);
        require(c.texture == 0 || list.texture(c.texture) != nullptr);
        require(uint64_t{c.first_index} + c.count <= list.indices.size() && c.count % 3 == 0);
        require(c.video < static_cast<int64_t>(list.videos.size()));
    }
    for (const VideoCommand& v : list.videos)
        require(v.x >= 0 && v.y >= 0 && v.width > 0 && v.height > 0 && v.source[0] != 0 &&
                int64_t{v.x} + v.width <= int64_t{header.width} &&
                int64_t{v.y} + v.height <= int64_t{header.height} && v.source[63] == 0);
}

/// What is kept of pieces must be what a look at all of a command finds.
void check_pieces(const DrawList& list) {
    for (const DrawCommand& c : list.commands) {
        if (c.video >= 0) continue;
        const auto look = [&](const Pieces& pieces) {
            return bounds_of_named(list.vertices, list.indices, c.first_index, c.count, pieces);
        };
        const Bounds a = look({}), b = look(list.pieces);
        require(a.x0 == b.x0 && a.y0 == b.y0 && a.x1 == b.x1 && a.y1 == b.y1);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < sizeof(SlotHeader)) return 0;
    Picture picture;
    std::memcpy(&picture.header, data, sizeof(SlotHeader));
    std::vector<std::byte> payload(size - sizeof(SlotHeader));
    if (!payload.empty()) std::memcpy(payload.data(), data + sizeof(SlotHeader), payload.size());
    // Consumer::take has proved `bytes` against the slot before anybody copies.
    if (picture.header.bytes > payload.size()) picture.header.bytes = payload.size();
    picture.payload = payload.data();
    picture.textures = heap();
    static DrawList before;  // its memory is used again, as a feed does
    auto list = copy_draw_list(picture, std::move(before));
    if (!list) return 0;
    check(*list, picture.header);
    check_pieces(*list);
    before = std::move(*list);
    return 0;
}
