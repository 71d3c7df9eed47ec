// SPDX-License-Identifier: Apache-2.0
// The renderers that draw with GL: one works through the plan, a strategy brings the videos.
#pragma once

#include "core/compositor/gl_lists.h"
#include "core/compositor/gl_pictures.h"
#include "core/compositor/gl_quad.h"
#include "core/compositor/painter.h"

namespace bw::compositor {

base::Result<std::unique_ptr<Painter>> make_gl_painter(const text::Atlas& atlas, PainterKind kind);

class GlPainter final : public Painter {
  public:
    static base::Result<std::unique_ptr<GlPainter>> make(const text::Atlas& atlas,
                                                         PainterKind kind);
    [[nodiscard]] std::string renderer() const override { return renderer_; }
    [[nodiscard]] bool software() const override { return software_; }
    [[nodiscard]] std::string pictures() const override { return pictures_->name(); }
    [[nodiscard]] surface::SlotKind video_kind() const override { return pictures_->kind(); }
    [[nodiscard]] int most_side() const override { return most_side_; }
    [[nodiscard]] Canvas make_canvas(int width, int height) override;
    void clear(const Canvas& canvas) override;
    void finish() override { glFinish(); }
    void paint(const Canvas& canvas, const Plan& plan) override;
    void copy(const Canvas& from, const Canvas& to, const wall::RectPx& rect) override;
    [[nodiscard]] Pixels read(const Canvas& canvas, const wall::RectPx& rect) override;

  private:
    GlPainter() = default;
    void draw_panel(const Kept& panel, const surface::DrawList& list,
                    const wall::RectPx& part) override;
    uint64_t load_textures(Kept& panel, const surface::DrawList& list, uint64_t pixels) override {
        return panel.textures.load(list, pixels);
    }
    void blit_panel(const Canvas& canvas, const Plan::Panel& panel);

    std::string renderer_;
    bool software_ = true;
    int most_side_ = surface::kMaxSide;
    GlLists lists_;
    GlQuad quad_;
    std::unique_ptr<GlPictures> pictures_;
};

}  // namespace bw::compositor
