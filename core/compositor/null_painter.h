// SPDX-License-Identifier: Apache-2.0
// A renderer that draws nothing and needs no GL: layout, stages, damage and pacing run and count as
// with any other.
#pragma once

#include "core/compositor/painter.h"

namespace bw::compositor {

class NullPainter final : public Painter {
  public:
    [[nodiscard]] std::string renderer() const override { return "null"; }
    [[nodiscard]] bool software() const override { return true; }
    [[nodiscard]] bool draws() const override { return false; }
    [[nodiscard]] std::string pictures() const override { return "none"; }
    [[nodiscard]] surface::SlotKind video_kind() const override { return surface::SlotKind::rgba; }
    [[nodiscard]] Canvas make_canvas(int width, int height) override {
        Canvas canvas;
        canvas.width = width;
        canvas.height = height;
        return canvas;
    }
    void clear(const Canvas&) override {}
    void paint(const Canvas&, const Plan&) override {}
    void copy(const Canvas&, const Canvas&, const wall::RectPx&) override {}
    [[nodiscard]] Pixels read(const Canvas& canvas, const wall::RectPx& rect) override {
        const wall::RectPx part = wall::intersect(rect, {0, 0, canvas.width, canvas.height});
        Pixels out{part.width, part.height, {}};
        out.rgba.resize(static_cast<size_t>(part.width) * static_cast<size_t>(part.height) * 4);
        return out;
    }

  private:
    void draw_panel(const Kept&, const surface::DrawList&, const wall::RectPx&) override {}
};

}  // namespace bw::compositor
