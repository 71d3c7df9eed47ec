// SPDX-License-Identifier: Apache-2.0
#include "beaconwall/sdk/texture.h"

#include <beaconwall/textures.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "frame.h"

namespace bw::sdk {

Texture::Texture(const Panel& panel, uint32_t width, uint32_t height)
    : handle_(panel.state().handle), width_(width), height_(height) {
    const Library& lib = library();
    if (lib.textures != nullptr) id_ = lib.textures->create(lib.host, handle_, width, height);
}

Texture::~Texture() {
    if (id_ != 0) library().textures->destroy(library().host, handle_, id_);
}

Texture::Texture(Texture&& other) noexcept {
    *this = std::move(other);
}

Texture& Texture::operator=(Texture&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(id_, other.id_);
    std::swap(width_, other.width_);
    std::swap(height_, other.height_);
    return *this;
}

bool Texture::write(std::span<const Color> pixels) {
    if (pixels.size() != size_t{width_} * height_) {
        if (id_ != 0)
            library().write(BW_LOG_WARNING,
                            "a texture is written with another number of pixels than it has");
        return false;
    }
    return write(0, 0, width_, height_, pixels.data(), 4 * width_);
}

bool Texture::write(uint32_t x, uint32_t y, uint32_t width, uint32_t height, const void* rgba,
                    uint32_t stride) {
    if (id_ == 0) return false;
    const bw_texture_part_t part{rgba, stride, x, y, width, height};
    return library().textures->write(library().host, handle_, id_, &part);
}

namespace {

/// Where the picture lies and which part of it (u, v: 0 to 1).
struct Placed {
    Rect at, part{0, 0, 1, 1};
};

Placed placed_in(const Rect& area, float width, float height, Fit fit) {
    const Rect whole{std::round(area.x), std::round(area.y), std::round(area.right()),
                     std::round(area.bottom())};
    Placed out{{whole.x, whole.y, whole.w - whole.x, whole.h - whole.y}};
    if (fit == Fit::stretch) return out;
    const float across = out.at.w / width, down = out.at.h / height;
    if (fit == Fit::cover) {
        const float scale = std::max(across, down);
        out.part.w = out.at.w / (width * scale);
        out.part.h = out.at.h / (height * scale);
        out.part.x = (1 - out.part.w) / 2;
        out.part.y = (1 - out.part.h) / 2;
        return out;
    }
    const float scale = std::min(across, down);
    const float w = std::round(width * scale), h = std::round(height * scale);
    out.at = {out.at.x + std::floor((out.at.w - w) / 2), out.at.y + std::floor((out.at.h - h) / 2),
              w, h};
    return out;
}

}  // namespace

Rect Ui::image(const Rect& area, const Texture& texture, Fit fit, Color tint) {
    if (!texture || area.empty()) return {area.x, area.y, 0, 0};
    const Placed placed = placed_in(area, static_cast<float>(texture.width()),
                                    static_cast<float>(texture.height()), fit);
    const Rect &at = placed.at, &part = placed.part;
    // C's cast: a pointer or a number, as the version of Dear ImGui has it.
    const auto id = (ImTextureID)texture.imgui_id();
    frame_.list->AddImage(id, {at.x, at.y}, {at.right(), at.bottom()}, {part.x, part.y},
                          {part.right(), part.bottom()}, tint);
    return at;
}

}  // namespace bw::sdk
