// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/gl_textures.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

namespace bw::compositor {

namespace {

constexpr uint64_t kPieceBytes = 256 << 10;  // premultiplied at a time, so that it stays in a cache

/// Straight to premultiplied alpha, rounded; 0xAABBGGRR. t + t / 256 over 256 is a division by 255
/// for all that occurs here, red and blue side by side: millions of them are loaded at a time.
inline uint32_t premultiplied(uint32_t pixel) {
    const uint32_t alpha = pixel >> 24;
    uint32_t red_blue = (pixel & 0x00FF00FFu) * alpha + 0x00800080u;
    red_blue = (red_blue + (red_blue >> 8 & 0x00FF00FFu)) >> 8 & 0x00FF00FFu;
    uint32_t green = (pixel >> 8 & 0xFFu) * alpha + 0x80u;
    green = (green + (green >> 8)) >> 8;
    return alpha << 24 | green << 8 | red_blue;
}

void premultiply(std::vector<uint32_t>& pixels) {
    const auto opaque = [](uint32_t pixel) { return pixel >> 24 == 255; };
    if (std::all_of(pixels.begin(), pixels.end(), opaque)) return;
    for (uint32_t& pixel : pixels) pixel = premultiplied(pixel);
}

/// Rows [first, first + count) of the texture that is bound. The pixels may change under a hostile
/// producer: they are copied first.
void load_rows(const surface::Texture& from, uint32_t first, uint32_t count) {
    const size_t row = size_t{4} * from.width;
    const auto most = static_cast<uint32_t>(std::max<uint64_t>(1, kPieceBytes / row));
    std::vector<uint32_t> piece(size_t{from.width} * std::min(most, count));
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    for (uint32_t y = first; y < first + count; y += most) {
        const uint32_t rows = std::min(most, first + count - y);
        std::memcpy(piece.data(), from.pixels + y * row, rows * row);
        premultiply(piece);
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, static_cast<GLint>(y),
                        static_cast<GLsizei>(from.width), static_cast<GLsizei>(rows), GL_RGBA,
                        GL_UNSIGNED_BYTE, piece.data());
    }
}

std::set<uint32_t> shown_by(const surface::DrawList& list) {
    std::set<uint32_t> ids;
    for (const surface::DrawCommand& command : list.commands)
        if (command.texture != 0 && command.count != 0) ids.insert(command.texture);
    return ids;
}

}  // namespace

void GlTextures::let_go(const surface::DrawList& list) {
    std::erase_if(all_, [&list](const auto& one) { return list.texture(one.first) == nullptr; });
}

uint64_t GlTextures::load(const surface::DrawList& list, uint64_t pixels) {
    let_go(list);
    if (list.textures.empty()) return 0;
    uint64_t done = 0;
    for (const uint32_t id : shown_by(list)) {
        if (done >= pixels) break;
        if (const surface::Texture* texture = list.texture(id))
            done += load(*texture, pixels - done);
    }
    return done;
}

uint64_t GlTextures::load(const surface::Texture& from, uint64_t pixels) {
    One& one = all_[from.id];
    if (one.width != from.width || one.height != from.height) {
        one = {};
        one.name = make_texture(GL_RGBA8, static_cast<int>(from.width),
                                static_cast<int>(from.height), GL_RGBA, nullptr);
        one.width = from.width;
        one.height = from.height;
    }
    if (one.content != from.content) one.rows = 0;
    one.content = from.content;
    const uint64_t wanted = std::max<uint64_t>(1, pixels / from.width);
    const auto rows = static_cast<uint32_t>(std::min<uint64_t>(wanted, one.height - one.rows));
    if (rows == 0) return 0;
    glBindTexture(GL_TEXTURE_2D, one.name.get());
    load_rows(from, one.rows, rows);
    one.rows += rows;
    return uint64_t{rows} * one.width;
}

GLuint GlTextures::of(uint32_t id) const {
    const auto found = all_.find(id);
    if (found == all_.end() || found->second.rows < found->second.height) return 0;
    return found->second.name.get();
}

}  // namespace bw::compositor
