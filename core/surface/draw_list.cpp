// SPDX-License-Identifier: Apache-2.0
// Draw lists over the border: copied out of shared memory first, then validated; nothing is read
// from there twice.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/surface/link_internal.h"

namespace bw::surface {
namespace {

using base::Error;
using base::Status;

constexpr uint64_t align8(uint64_t bytes) {
    return (bytes + 7) / 8 * 8;
}

/// Where the five arrays lie in the payload.
struct Extents {
    uint64_t indices, commands, videos, textures, end;
};

Extents extents(uint64_t vertices, uint64_t indices, uint64_t commands, uint64_t videos,
                uint64_t textures) {
    Extents e{};
    e.indices = align8(vertices * sizeof(Vertex));
    e.commands = e.indices + align8(indices * sizeof(uint32_t));
    e.videos = e.commands + align8(commands * sizeof(DrawCommand));
    e.textures = e.videos + align8(videos * sizeof(VideoCommand));
    e.end = e.textures + textures * sizeof(TextureRecord);
    return e;
}

Extents extents(const SlotHeader& header) {
    return extents(header.vertices, header.indices, header.commands, header.videos,
                   header.textures);
}

Error bad(const char* what, size_t at) {
    return {"invalid", std::string("draw list: ") + what + " (entry " + std::to_string(at) + ")"};
}

Status check_counts(const SlotHeader& header) {
    if (header.kind != SlotKind::draw_list) return bad("kind", 0);
    if (header.vertices > kMaxVertices) return bad("too many vertices", header.vertices);
    if (header.indices > kMaxIndices) return bad("too many indices", header.indices);
    if (header.commands > kMaxCommands) return bad("too many commands", header.commands);
    if (header.videos > kMaxVideos) return bad("too many videos", header.videos);
    if (header.textures > kMaxTextures) return bad("too many textures", header.textures);
    const auto e = extents(header);
    if (e.end > header.bytes) return bad("arrays beyond its bytes", e.end);
    return {};
}

/// x, y, u and v of a vertex side by side, so that one instruction does for all four.
using Four = float __attribute__((vector_size(16)));

Four four_of(const Vertex& vertex) {
    Four four;
    std::memcpy(&four, &vertex, sizeof four);
    return four;
}

bool all_zero(const Four& four) {
    return four[0] == 0.F && four[1] == 0.F && four[2] == 0.F && four[3] == 0.F;
}

template <class T>
void copy_array(std::vector<T>& to, const std::byte* from, uint32_t count) {
    // Not resize() and a copy: that would write hundreds of kilobytes of zeros first.
    const T* begin = reinterpret_cast<const T*>(from);  // NOLINT: aligned by extents()
    to.assign(begin, begin + count);
}

/// All finite, and what lies around them.
Status check_vertices(DrawList& list) {
    Four odd = {};
    for (const Vertex& v : list.vertices) odd += four_of(v) * 0.F;  // NaN of what is not finite
    for (size_t i = 0; i < list.vertices.size() && !all_zero(odd); ++i)
        if (!all_zero(four_of(list.vertices[i]) * 0.F)) return bad("vertex is not finite", i);
    list.bounds = bounds_of(list.vertices);
    return {};
}

Status check_indices(const DrawList& list) {
    const size_t limit = list.vertices.size();
    uint32_t beyond = 0;  // no branch in the loop: nearly always all are sound
    for (const uint32_t index : list.indices) beyond |= static_cast<uint32_t>(index >= limit);
    for (size_t i = 0; i < list.indices.size() && beyond != 0; ++i)
        if (list.indices[i] >= limit) return bad("index beyond the vertices", i);
    return {};
}

float clamp_to(float value, uint32_t limit) {
    return std::clamp(value, 0.f, static_cast<float>(limit));
}

Status check_command(DrawCommand& c, size_t at, const DrawList& list, const SlotHeader& header) {
    if (!std::isfinite(c.clip_x0) || !std::isfinite(c.clip_y0) || !std::isfinite(c.clip_x1) ||
        !std::isfinite(c.clip_y1))
        return bad("clip is not finite", at);
    c.clip_x0 = clamp_to(c.clip_x0, header.width);
    c.clip_y0 = clamp_to(c.clip_y0, header.height);
    c.clip_x1 = std::max(c.clip_x0, clamp_to(c.clip_x1, header.width));
    c.clip_y1 = std::max(c.clip_y0, clamp_to(c.clip_y1, header.height));
    if (c.video >= 0) {
        if (static_cast<size_t>(c.video) >= list.videos.size())
            return bad("command names a video that is not there", at);
        c.texture = c.first_index = c.count = 0;  // without meaning here
        return {};
    }
    c.video = -1;
    if (c.texture != 0 && list.texture(c.texture) == nullptr)
        return bad("texture is not known", at);
    if (c.count % 3 != 0) return bad("count is not whole triangles", at);
    if (uint64_t{c.first_index} + c.count > list.indices.size())
        return bad("command beyond the indices", at);
    return {};
}

Status check_video(VideoCommand& v, size_t at, const SlotHeader& header) {
    if (v.width <= 0 || v.height <= 0) return bad("video without a size", at);
    if (v.x < 0 || v.y < 0 || int64_t{v.x} + v.width > int64_t{header.width} ||
        int64_t{v.y} + v.height > int64_t{header.height})
        return bad("video outside the surface", at);
    if (v.fit != Fit::contain && v.fit != Fit::cover && v.fit != Fit::stretch)
        return bad("video's fit is not known", at);
    const size_t length = strnlen(v.source, sizeof v.source);
    if (length == sizeof v.source) return bad("video's source is not terminated", at);
    if (length == 0) return bad("video's source is empty", at);
    std::memset(v.source + length, 0, sizeof v.source - length);
    return {};
}

uint64_t bytes_of(const TextureRecord& record) {
    return uint64_t{4} * record.width * record.height;
}

/// A number, a size and a place in the heap; no two of them share a number.
Status check_texture(const TextureRecord& t, size_t at, const DrawList& list, uint64_t heap) {
    if (t.id == 0) return bad("texture without a number", at);
    if (list.texture(t.id) != nullptr) return bad("texture's number is another's", at);
    if (t.width == 0 || t.height == 0) return bad("texture without a size", at);
    if (t.width > kMaxTextureSide || t.height > kMaxTextureSide)
        return bad("texture is too large", at);
    if (t.offset % kSlotAlign != 0) return bad("texture is not aligned", at);
    if (t.offset > heap || bytes_of(t) > heap - t.offset)
        return bad("texture outside its heap", at);
    return {};
}

/// What was valid before stays so beside it: nothing overlaps, and all together are not too much.
Status check_together(std::vector<TextureRecord> records) {
    std::sort(records.begin(), records.end(),
              [](const auto& a, const auto& b) { return a.offset < b.offset; });
    uint64_t end = 0, sum = 0;
    for (size_t i = 0; i < records.size(); ++i) {
        if (records[i].offset < end) return bad("texture overlaps another", i);
        end = records[i].offset + bytes_of(records[i]);
        sum += bytes_of(records[i]);
        if (sum > kMaxTextureBytes) return bad("textures are too large together", i);
    }
    return {};
}

Status take_textures(DrawList& list, const std::vector<TextureRecord>& records,
                     std::span<const std::byte> heap) {
    for (size_t i = 0; i < records.size(); ++i) {
        const TextureRecord& t = records[i];
        if (auto s = check_texture(t, i, list, heap.size()); !s) return s;
        list.textures.push_back({t.id, t.width, t.height, t.version, heap.data() + t.offset, 0});
    }
    return check_together(records);
}

Status validate(DrawList& list, const SlotHeader& header) {
    if (auto s = check_vertices(list); !s) return s;
    if (auto s = check_indices(list); !s) return s;
    for (size_t i = 0; i < list.videos.size(); ++i)
        if (auto s = check_video(list.videos[i], i, header); !s) return s;
    for (size_t i = 0; i < list.commands.size(); ++i)
        if (auto s = check_command(list.commands[i], i, list, header); !s) return s;
    return {};
}

template <class T>
void write_array(std::byte* to, std::span<const T> from) {
    if (!from.empty()) std::memcpy(to, from.data(), from.size() * sizeof(T));
}

}  // namespace

Bounds bounds_of(std::span<const Vertex> vertices) {
    constexpr float kFar = std::numeric_limits<float>::max();
    Four low = {kFar, kFar, kFar, kFar}, high = -low;
    for (const Vertex& vertex : vertices) {
        const Four at = four_of(vertex);
        low = at < low ? at : low;
        high = at > high ? at : high;
    }
    return {low[0], low[1], high[0], high[1]};
}

IndexRange range_of(std::span<const uint32_t> indices) {
    // Eight at a time, and the rest one by one.
    using Eight = uint32_t __attribute__((vector_size(32)));
    Eight low = ~Eight{}, high = {};
    size_t i = 0;
    for (; i + 8 <= indices.size(); i += 8) {
        Eight at;
        std::memcpy(&at, &indices[i], sizeof at);
        low = at < low ? at : low;
        high = at > high ? at : high;
    }
    uint32_t least = UINT32_MAX, greatest = 0;
    for (int lane = 0; lane < 8; ++lane) {
        least = std::min(least, low[lane]);
        greatest = std::max(greatest, high[lane]);
    }
    for (; i < indices.size(); ++i) {
        least = std::min(least, indices[i]);
        greatest = std::max(greatest, indices[i]);
    }
    if (indices.empty()) return {};
    return {least, greatest == UINT32_MAX ? greatest : greatest + 1};
}

base::Result<DrawList> copy_draw_list(const Picture& picture) {
    const SlotHeader& header = picture.header;  // a copy already
    if (!picture.payload) return Error{"invalid", "draw list: no picture"};
    if (auto s = check_counts(header); !s) return s.error();
    const auto e = extents(header);
    DrawList list;
    std::vector<TextureRecord> textures;
    copy_array(list.vertices, picture.payload, header.vertices);
    copy_array(list.indices, picture.payload + e.indices, header.indices);
    copy_array(list.commands, picture.payload + e.commands, header.commands);
    copy_array(list.videos, picture.payload + e.videos, header.videos);
    copy_array(textures, picture.payload + e.textures, header.textures);
    end_of_copy();
    if (auto s = take_textures(list, textures, picture.textures); !s) return s.error();
    if (auto s = validate(list, header); !s) return s.error();
    return list;
}

base::Status publish_draw_list(Producer::Writer& writer, const DrawArrays& list,
                               int64_t captured_ns, Textures* textures) {
    const auto records = textures != nullptr ? textures->records() : std::vector<TextureRecord>();
    const auto e = extents(list.vertices.size(), list.indices.size(), list.commands.size(),
                           list.videos.size(), records.size());
    if (list.vertices.size() > kMaxVertices || list.indices.size() > kMaxIndices ||
        list.commands.size() > kMaxCommands || list.videos.size() > kMaxVideos)
        return Error{"full", "the draw list has more entries than a picture may have"};
    if (e.end > writer.payload_capacity())
        return Error{"full", "the draw list does not fit its slot"};
    std::byte* payload = writer.payload();
    write_array(payload, list.vertices);
    write_array(payload + e.indices, list.indices);
    write_array(payload + e.commands, list.commands);
    write_array(payload + e.videos, list.videos);
    write_array(payload + e.textures, std::span<const TextureRecord>(records));
    SlotHeader header{};
    header.kind = SlotKind::draw_list;
    header.width = writer.configure().width;
    header.height = writer.configure().height;
    header.bytes = e.end;
    header.captured_ns = captured_ns;
    header.vertices = static_cast<uint32_t>(list.vertices.size());
    header.indices = static_cast<uint32_t>(list.indices.size());
    header.commands = static_cast<uint32_t>(list.commands.size());
    header.videos = static_cast<uint32_t>(list.videos.size());
    header.textures = static_cast<uint32_t>(records.size());
    const uint32_t slot = writer.slot();
    writer.publish(header);
    if (textures != nullptr) textures->published(slot, writer.slot());
    return {};
}

}  // namespace bw::surface
