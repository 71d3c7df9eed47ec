// SPDX-License-Identifier: Apache-2.0
// The glyph atlas: baked once by beaconwall-glyphs into a file (and a sealed memfd) that every
// panel and the compositor map read-only: docs/glyphs.md says what stands where. The tables are
// those Dear ImGui looks things up in, so that adopting them copies nothing, but this header needs
// no Dear ImGui. An Atlas is immutable; any thread may read it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/shm.h"
#include "core/surface/draw_list.h"

namespace bw::text {

/// Text roles of design/look.md; each is one baked face. Their em in logical units (minutes of
/// arc): 16, 20, 28, 40, 60; the atlas is baked at one scale (pixels per unit).
enum class Role : uint32_t { caption = 0, body = 1, title = 2, number = 3, display = 4 };
inline constexpr uint32_t kRoles = 5;

struct Glyph {
    uint32_t packed;  // codepoint << 2 | visible << 1, as ImFontGlyph has it
    float advance;
    float x0, y0, x1, y1;  // quad, relative to the pen at the line's top left, pixels
    float u0, v0, u1, v1;
    [[nodiscard]] uint32_t codepoint() const { return packed >> 2; }
    [[nodiscard]] bool visible() const { return (packed & 2) != 0; }
};
static_assert(sizeof(Glyph) == 40);

/// What the index says where a face has no glyph.
inline constexpr uint16_t kNoGlyph = 0xFFFF;

struct Face {
    Role role;
    float size;  // Dear ImGui's size: the line height
    float em;    // drawn em in pixels
    float ascent, descent;
    std::span<const Glyph> glyphs;
    std::span<const uint16_t> index;  // codepoint → glyph, or kNoGlyph
    std::span<const float> advances;  // codepoint → advance, of U+FFFD where there is no glyph
    [[nodiscard]] const Glyph* find(uint32_t codepoint) const;
};

class Atlas {
  public:
    /// Maps and checks a baked atlas; every offset and index is proved in range. The Atlas keeps
    /// its own mapping.
    static base::Result<std::unique_ptr<Atlas>> map(int fd);
    /// For memory that somebody else keeps mapped (a panel gets it from its host).
    static base::Result<std::unique_ptr<Atlas>> view(std::span<const std::byte> bytes);

    [[nodiscard]] const Face& face(Role role) const;
    [[nodiscard]] std::span<const Face> faces() const { return faces_; }
    [[nodiscard]] std::span<const std::byte> pixels() const {
        return pixels_;
    }  // A8, width() x height()
    [[nodiscard]] uint32_t width() const { return width_; }
    [[nodiscard]] uint32_t height() const { return height_; }
    /// Texture coordinates of a fully opaque pixel, for filled shapes.
    [[nodiscard]] float white_u() const { return white_u_; }
    [[nodiscard]] float white_v() const { return white_v_; }
    /// Pixels per logical unit it was baked for; draw at factor (wanted scale / scale()).
    [[nodiscard]] float scale() const { return scale_; }
    [[nodiscard]] bool has(Role role, uint32_t codepoint) const;

  private:
    Atlas() = default;
    base::Mapping mapping_;
    std::vector<Face> faces_;
    std::span<const std::byte> pixels_;
    uint32_t width_ = 0, height_ = 0;
    float white_u_ = 0, white_v_ = 0, scale_ = 1;
};

/// Bakes for `scale` (pixels per logical unit) from Debian's fonts into `out`, atomically. Above
/// kMaxScale it bakes for kMaxScale and text is drawn enlarged. "not_found" names the package that
/// is missing. In target bw_text_bake, which alone needs FreeType.
inline constexpr double kMinScale = 0.25, kMaxScale = 2.4;
base::Status bake(const std::filesystem::path& out, double scale);

/// Width and height in pixels of one line or of lines parted by '\n', drawn at `factor` times the
/// baked size.
struct Extent {
    float width, height;
};
Extent measure(const Face& face, std::string_view utf8, float factor = 1);
/// Appends quads of one line at (x, y) top left; draws what is missing as U+FFFD. Returns the
/// advance. The quads go to the list's last command if that ends the indices and is no video, else
/// to a new one with a clip of ±kNoClip.
inline constexpr float kNoClip = 65536;
float draw(const Atlas& atlas, const Face& face, surface::DrawList& list, float x, float y,
           uint32_t rgba, std::string_view utf8, float factor = 1);
/// The text cut with "…" so that it fits.
std::string fit(const Face& face, std::string_view utf8, float max_width, float factor = 1);
/// Code points of valid UTF-8; U+FFFD for what is not.
std::u32string decode(std::string_view utf8);

}  // namespace bw::text
