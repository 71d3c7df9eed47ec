// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/gl_painter.h"

#include <algorithm>

#include "core/compositor/pen.h"

namespace bw::compositor {

using wall::RectPx;

namespace {

bool is_software(const std::string& renderer) {
    for (const char* name : {"llvmpipe", "softpipe", "SwiftShader", "swrast"}) {
        if (renderer.find(name) != std::string::npos) return true;
    }
    return false;
}

void fill_all(const Canvas& canvas, const std::vector<Plan::Fill>& fills) {
    for (const Plan::Fill& one : fills) fill(canvas, one.rect, one.rgba);
}

}  // namespace

base::Result<std::unique_ptr<Painter>> make_gl_painter(const text::Atlas& atlas, PainterKind kind) {
    auto painter = GlPainter::make(atlas, kind);
    if (!painter.ok()) return painter.error();
    return std::unique_ptr<Painter>(std::move(*painter));
}

base::Result<std::unique_ptr<GlPainter>> GlPainter::make(const text::Atlas& atlas,
                                                         PainterKind kind) {
    if (epoxy_gl_version() < 33) return base::Error{"system", "OpenGL 3.3 is not there"};
    std::unique_ptr<GlPainter> painter(new GlPainter);
    const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
    painter->renderer_ = name != nullptr ? name : "unknown";
    painter->software_ = is_software(painter->renderer_);
    GLint most = 0;
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
    painter->most_side_ = std::min(painter->most_side_, most);
    if (base::Status done = painter->lists_.open(atlas); !done.ok()) return done.error();
    if (base::Status done = painter->quad_.open(); !done.ok()) return done.error();
    const bool copied =
        kind == PainterKind::by_driver ? painter->software_ : kind == PainterKind::software;
    auto pictures =
        copied ? make_copied_pictures(painter->quad_) : make_shaded_pictures(painter->software_);
    if (!pictures.ok()) return pictures.error();
    painter->pictures_ = std::move(*pictures);
    return painter;
}

Canvas GlPainter::make_canvas(int width, int height) {
    return make_gl_canvas(width, height);
}

void GlPainter::clear(const Canvas& canvas) {
    fill(canvas, {0, 0, canvas.width, canvas.height}, colour::kGround);
}

void GlPainter::draw_panel(const Kept& panel, const surface::DrawList& list, const RectPx& part) {
    fill(panel.canvas, part, colour::kTile);
    lists_.draw(panel.canvas, {&list, 0, 0, 1, part, 0}, &panel.textures);
}

void GlPainter::paint(const Canvas& canvas, const Plan& plan) {
    fill_all(canvas, plan.below);
    for (const Plan::Panel& panel : plan.panels) blit_panel(canvas, panel);
    fill_all(canvas, plan.sides);
    pictures_->draw(canvas, plan.pictures);
    for (const Plan::List& list : plan.over_videos)
        lists_.draw(canvas, list, &kept(*list.feed).textures);
    fill_all(canvas, plan.grounds);
    lists_.draw(canvas, {&plan.furniture, 0, 0, 1, {0, 0, canvas.width, canvas.height}, 0});
}

void GlPainter::blit_panel(const Canvas& canvas, const Plan::Panel& panel) {
    const Canvas& from = kept(*panel.feed).canvas;
    const Placement& at = *panel.at;
    const RectPx& r = panel.rect;
    if (at.scale != 1) {
        quad_.draw(canvas, from.texture.get(), at.on_display({0, 0, from.width, from.height}), r);
        return;
    }
    // Pixel for pixel: a copy, without shading.
    glDisable(GL_SCISSOR_TEST);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, from.framebuffer.get());
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, canvas.framebuffer.get());
    const int x = r.x - at.origin_x, y = r.y - at.origin_y;
    glBlitFramebuffer(x, y, x + r.width, y + r.height, r.x, r.y, r.x + r.width, r.y + r.height,
                      GL_COLOR_BUFFER_BIT, GL_NEAREST);
}

void GlPainter::copy(const Canvas& from, const Canvas& to, const RectPx& rect) {
    glDisable(GL_SCISSOR_TEST);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, from.framebuffer.get());
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, to.framebuffer.get());
    const bool same = rect.width == from.width && rect.height == from.height;
    glBlitFramebuffer(0, 0, from.width, from.height, rect.x, rect.y, rect.x + rect.width,
                      rect.y + rect.height, GL_COLOR_BUFFER_BIT, same ? GL_NEAREST : GL_LINEAR);
}

Pixels GlPainter::read(const Canvas& canvas, const RectPx& rect) {
    const RectPx part = wall::intersect(rect, {0, 0, canvas.width, canvas.height});
    Pixels out{part.width, part.height, {}};
    out.rgba.resize(static_cast<size_t>(part.width) * static_cast<size_t>(part.height) * 4);
    glBindFramebuffer(GL_FRAMEBUFFER, canvas.framebuffer.get());
    glPixelStorei(GL_PACK_ALIGNMENT, 4);
    glReadPixels(part.x, part.y, part.width, part.height, GL_RGBA, GL_UNSIGNED_BYTE,
                 out.rgba.data());
    return out;
}

}  // namespace bw::compositor
