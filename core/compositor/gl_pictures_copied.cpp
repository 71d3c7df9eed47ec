// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/gl_pictures.h"

namespace bw::compositor {

using surface::SlotKind;
using wall::RectPx;

namespace {

// Kept only of a picture that does not fit its place.
struct Scaled : Drawable {
    GlTexture texture;
    int width = 0, height = 0;
    uint64_t version = 0;
};

void set_row_length(const surface::Picture& picture) {
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(picture.header.stride / 4));
}

class CopiedPictures final : public GlPictures {
  public:
    explicit CopiedPictures(GlQuad& quad) : quad_(quad) {}
    [[nodiscard]] const char* name() const override { return "copied"; }
    [[nodiscard]] SlotKind kind() const override { return SlotKind::rgba; }
    void draw(const Canvas& canvas, std::span<const Plan::Picture> pictures) override;

  private:
    void scale(const Canvas& canvas, const Plan::Picture& picture);
    GlQuad& quad_;
};

void CopiedPictures::draw(const Canvas& canvas, std::span<const Plan::Picture> pictures) {
    for (const Plan::Picture& one : pictures) {
        const surface::Picture& picture = one.feed->picture();
        if (picture.header.kind != SlotKind::rgba) continue;
        if (one.dest.width != static_cast<int>(picture.header.width) ||
            one.dest.height != static_cast<int>(picture.header.height)) {
            scale(canvas, one);
            continue;
        }
        const RectPx& to = one.visible;
        const std::byte* pixels = picture.payload +
                                  static_cast<size_t>(to.y - one.dest.y) * picture.header.stride +
                                  static_cast<size_t>(to.x - one.dest.x) * 4;
        glActiveTexture(GL_TEXTURE0);
        glBindTexture(GL_TEXTURE_2D, canvas.texture.get());
        set_row_length(picture);
        glTexSubImage2D(GL_TEXTURE_2D, 0, to.x, to.y, to.width, to.height, GL_RGBA,
                        GL_UNSIGNED_BYTE, pixels);
    }
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

void CopiedPictures::scale(const Canvas& canvas, const Plan::Picture& one) {
    if (!one.feed->drawable) one.feed->drawable = std::make_unique<Scaled>();
    auto& kept = static_cast<Scaled&>(*one.feed->drawable);
    if (kept.version != one.feed->version()) {
        kept.version = one.feed->version();
        const surface::Picture& picture = one.feed->picture();
        const auto width = static_cast<int>(picture.header.width);
        const auto height = static_cast<int>(picture.header.height);
        glActiveTexture(GL_TEXTURE0);
        if (kept.width != width || kept.height != height)
            kept.texture = make_texture(GL_RGBA8, width, height, GL_RGBA, nullptr);
        kept.width = width;
        kept.height = height;
        glBindTexture(GL_TEXTURE_2D, kept.texture.get());
        set_row_length(picture);
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE,
                        picture.payload);
        glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    }
    quad_.draw(canvas, kept.texture.get(), one.dest, one.visible);
}

}  // namespace

base::Result<std::unique_ptr<GlPictures>> make_copied_pictures(GlQuad& quad) {
    return std::unique_ptr<GlPictures>(std::make_unique<CopiedPictures>(quad));
}

}  // namespace bw::compositor
