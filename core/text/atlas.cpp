// SPDX-License-Identifier: Apache-2.0
#include "core/text/atlas.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/text/format.h"

namespace bw::text {
namespace {

base::Error invalid(const char* what) {
    return {"invalid", std::string("glyph atlas: ") + what + "; bake it anew"};
}

/// The table of `count` T at `offset`, or nothing if any of it lies outside the bytes.
template <class T>
std::optional<std::span<const T>> table(std::span<const std::byte> bytes, uint64_t offset,
                                        uint64_t count) {
    if (offset % alignof(T) != 0 || offset > bytes.size()) return std::nullopt;
    if (count > (bytes.size() - offset) / sizeof(T)) return std::nullopt;
    return std::span<const T>(reinterpret_cast<const T*>(bytes.data() + offset), count);
}

bool positive(float value) {
    return std::isfinite(value) && value > 0;
}

base::Status check_header(const FileHeader& header, uint64_t size) {
    if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) return invalid("wrong magic");
    if (header.size != size) return invalid("its size is not the one it tells");
    if (header.faces != kRoles) return invalid("it lacks a face");
    if (header.width == 0 || header.width > kMaxSide || header.height == 0 ||
        header.height > kMaxSide)
        return invalid("impossible width or height");
    auto inside = [](float v) { return v >= 0 && v <= 1; };
    if (!inside(header.white_u) || !inside(header.white_v)) return invalid("no opaque pixel");
    if (!positive(header.scale)) return invalid("impossible scale");
    return {};
}

base::Result<Face> read_face(std::span<const std::byte> bytes, const FileFace& file,
                             uint32_t role) {
    if (file.role != role) return invalid("faces are out of order");
    if (!positive(file.size) || !positive(file.em) || !std::isfinite(file.ascent) ||
        !std::isfinite(file.descent))
        return invalid("impossible size of a face");
    if (file.glyph_count == 0 || file.glyph_count >= kNoGlyph || file.index_count > kCodepoints)
        return invalid("impossible count of glyphs");
    auto glyphs = table<Glyph>(bytes, file.glyphs, file.glyph_count);
    auto index = table<uint16_t>(bytes, file.index, file.index_count);
    auto advances = table<float>(bytes, file.advances, file.index_count);
    if (!glyphs || !index || !advances) return invalid("a table lies outside the file");
    // kNoGlyph wraps to 0, so one comparison per entry proves all of them.
    uint32_t highest = 0;
    for (uint16_t entry : *index) highest = std::max<uint32_t>(highest, uint16_t(entry + 1));
    if (highest > file.glyph_count) return invalid("the index names a glyph that is not there");
    Face face{static_cast<Role>(role),
              file.size,
              file.em,
              file.ascent,
              file.descent,
              *glyphs,
              *index,
              *advances};
    if (face.find(0xFFFD) == nullptr) return invalid("a face lacks U+FFFD");
    return face;
}

}  // namespace

const Glyph* Face::find(uint32_t codepoint) const {
    if (codepoint >= index.size()) return nullptr;
    uint16_t glyph = index[codepoint];
    return glyph == kNoGlyph ? nullptr : &glyphs[glyph];
}

base::Result<std::unique_ptr<Atlas>> Atlas::map(int fd) {
    auto mapping = base::Mapping::map(fd, 0, base::Access::read_only);
    if (!mapping) return mapping.error();
    auto atlas = view({mapping->data(), mapping->size()});
    if (atlas) (*atlas)->mapping_ = std::move(*mapping);
    return atlas;
}

base::Result<std::unique_ptr<Atlas>> Atlas::view(std::span<const std::byte> bytes) {
    if (reinterpret_cast<uintptr_t>(bytes.data()) % alignof(uint64_t) != 0)
        return invalid("misaligned bytes");
    auto head = table<FileHeader>(bytes, 0, 1);
    if (!head) return invalid("too short");
    FileHeader header = head->front();
    if (auto status = check_header(header, bytes.size()); !status) return status.error();
    auto files = table<FileFace>(bytes, sizeof(FileHeader), header.faces);
    auto pixels = table<std::byte>(bytes, header.pixels, uint64_t{header.width} * header.height);
    if (!files || !pixels) return invalid("a table lies outside the file");

    std::unique_ptr<Atlas> atlas(new Atlas);
    for (uint32_t role = 0; role < kRoles; ++role) {
        auto face = read_face(bytes, (*files)[role], role);
        if (!face) return face.error();
        atlas->faces_.push_back(*face);
    }
    atlas->pixels_ = *pixels;
    atlas->width_ = header.width;
    atlas->height_ = header.height;
    atlas->white_u_ = header.white_u;
    atlas->white_v_ = header.white_v;
    atlas->scale_ = header.scale;
    return atlas;
}

const Face& Atlas::face(Role role) const {
    return faces_[static_cast<uint32_t>(role)];
}

bool Atlas::has(Role role, uint32_t codepoint) const {
    return face(role).find(codepoint) != nullptr;
}

}  // namespace bw::text
