// SPDX-License-Identifier: Apache-2.0
// Draw lists over the border: copied out of shared memory first, then validated; nothing is read
// from there twice.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/surface/four.h"
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

template <class T>
void copy_array(std::vector<T>& to, const std::byte* from, uint32_t count) {
    // Not resize() and a copy: that would write hundreds of kilobytes of zeros first.
    const T* begin = reinterpret_cast<const T*>(from);  // NOLINT: aligned by extents()
    to.assign(begin, begin + count);
}

/// Copies pieces of `size` entries, and calls look(piece) for each while it is at hand.
template <class T, class Look>
void copy_pieces(std::vector<T>& to, const std::byte* from, uint32_t count, size_t size,
                 Look look) {
    const T* next = reinterpret_cast<const T*>(from);  // NOLINT: aligned by extents()
    to.reserve(count);
    for (size_t left = count; left > 0;) {
        const size_t piece = std::min(left, size);
        to.insert(to.end(), next, next + piece);
        end_of_copy();
        look(std::span<const T>(to).last(piece));
        next += piece;
        left -= piece;
    }
}

Status not_finite(const DrawList& list) {
    for (size_t i = 0; i < list.vertices.size(); ++i)
        if (!all_zero(four_of(list.vertices[i]) * 0.F)) return bad("vertex is not finite", i);
    return {};
}

/// All are finite, and what lies around them.
Status take_vertices(DrawList& list, const std::byte* from, uint32_t count) {
    Four odd = {};
    Bounds all = bounds_of({});
    copy_pieces(list.vertices, from, count, Pieces::kVertices, [&](std::span<const Vertex> piece) {
        for (const Vertex& v : piece) odd += four_of(v) * 0.F;  // NaN of what is not finite
        list.pieces.vertices.push_back(bounds_of(piece));
        all = around(all, list.pieces.vertices.back());
    });
    list.bounds = all;
    return all_zero(odd) ? Status{} : not_finite(list);
}

/// All name vertices that are there, and which.
Status take_indices(DrawList& list, const std::byte* from, uint32_t count) {
    const size_t limit = list.vertices.size();
    bool beyond = false;
    copy_pieces(list.indices, from, count, Pieces::kIndices, [&](std::span<const uint32_t> piece) {
        list.pieces.indices.push_back(range_of(piece));
        beyond = beyond || list.pieces.indices.back().end > limit;
    });
    for (size_t i = 0; i < list.indices.size() && beyond; ++i)
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

void DrawList::clear() {
    vertices.clear();
    indices.clear();
    commands.clear();
    videos.clear();
    textures.clear();
    bounds.reset();
    pieces.clear();
}

base::Result<DrawList> copy_draw_list(const Picture& picture, DrawList list) {
    const SlotHeader& header = picture.header;  // a copy already
    if (!picture.payload) return Error{"invalid", "draw list: no picture"};
    if (auto s = check_counts(header); !s) return s.error();
    const auto e = extents(header);
    list.clear();
    if (auto s = take_vertices(list, picture.payload, header.vertices); !s) return s.error();
    if (auto s = take_indices(list, picture.payload + e.indices, header.indices); !s)
        return s.error();
    std::vector<TextureRecord> textures;
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
