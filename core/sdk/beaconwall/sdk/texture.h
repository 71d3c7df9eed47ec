// SPDX-License-Identifier: Apache-2.0
// A picture of the panel's own: a map tile, a logo, a heat map. A member of the panel, made and
// written when its facts come, drawn as often as wanted:
//
//     bool event(const Event& event) override {
//         if (!heat_) heat_ = Texture(*this, 128, 64);
//         heat_.write(colours(event));  // 128 * 64 of them
//         return true;
//     }
//     void draw(Ui& ui) override { ui.image(ui.bounds(), heat_, Fit::stretch); }
//
// At most 64 and 16 MiB of pixels a panel, sides up to 4096. Sampled linearly and never made
// smaller beforehand: give it about the size that it is drawn at. Made from start() on, not in the
// panel's constructor, and like all of a panel only in calls of the host's.
#pragma once

#include <beaconwall/sdk/tokens.h>

#include <cstdint>
#include <span>

namespace bw::sdk {

class Panel;

class Texture {
  public:
    /// None: it is drawn as nothing.
    Texture() = default;
    /// Transparent until it is written. False if the host refused it (the log says why) or has no
    /// textures: name "beaconwall.textures/1" in `extensions` of plugin.toml if you cannot do
    /// without.
    Texture(const Panel& panel, uint32_t width, uint32_t height);
    ~Texture();
    Texture(Texture&& other) noexcept;
    Texture& operator=(Texture&& other) noexcept;
    Texture(const Texture&) = delete;
    Texture& operator=(const Texture&) = delete;

    explicit operator bool() const { return id_ != 0; }
    [[nodiscard]] uint32_t id() const { return id_; }  // bw_draw_command.texture
    [[nodiscard]] uint32_t width() const { return width_; }
    [[nodiscard]] uint32_t height() const { return height_; }

    /// All of it: width() * height() colours, the top row first. False: it stays as it was.
    bool write(std::span<const Color> pixels);
    /// A rectangle; rows of red, green, blue, alpha begin every `stride` bytes.
    bool write(uint32_t x, uint32_t y, uint32_t width, uint32_t height, const void* rgba,
               uint32_t stride);

    /// For Dear ImGui of any version: (ImTextureID)texture.imgui_id().
    [[nodiscard]] intptr_t imgui_id() const { return static_cast<intptr_t>(id_); }

  private:
    uint64_t handle_ = 0;  // of the panel
    uint32_t id_ = 0, width_ = 0, height_ = 0;
};

}  // namespace bw::sdk
