// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/transition_painter.h"

#include <algorithm>

#include "core/base/log.h"
#include "core/compositor/pen.h"

namespace bw::compositor {

using wall::RectPx;

namespace {

using Kind = config::Transition::Kind;

void copy(const Canvas& from, const RectPx& source, const Canvas& to, const RectPx& dest) {
    if (source.empty() || dest.empty() || to.framebuffer.get() == 0) return;
    const bool same = source.width == dest.width && source.height == dest.height;
    glDisable(GL_SCISSOR_TEST);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, from.framebuffer.get());
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, to.framebuffer.get());
    glBlitFramebuffer(source.x, source.y, source.x + source.width, source.y + source.height, dest.x,
                      dest.y, dest.x + dest.width, dest.y + dest.height, GL_COLOR_BUFFER_BIT,
                      same ? GL_NEAREST : GL_LINEAR);
}

void clear(const Canvas& canvas, const RectPx& rect) {
    if (rect.empty() || canvas.framebuffer.get() == 0) return;
    auto part = [](int shift) {
        return static_cast<float>((colour::kGround >> shift) & 255) / 255.0f;
    };
    glBindFramebuffer(GL_FRAMEBUFFER, canvas.framebuffer.get());
    glEnable(GL_SCISSOR_TEST);
    glScissor(rect.x, rect.y, rect.width, rect.height);
    glClearColor(part(0), part(8), part(16), 1);
    glClear(GL_COLOR_BUFFER_BIT);
}

RectPx whole_of(const Canvas& canvas) {
    return {0, 0, canvas.width, canvas.height};
}

}  // namespace

base::Status TransitionPainter::make_program() {
    auto program = link_program("mix_scenes.vert", "mix_scenes.frag");
    if (!program.ok()) return program.error();
    program_ = std::move(*program);
    auto at = [this](const char* name) { return glGetUniformLocation(program_.get(), name); };
    rect_ = at("u_rect");
    canvas_ = at("u_canvas");
    share_ = at("u_share");
    glUseProgram(program_.get());
    glUniform1i(at("u_before"), 0);
    glUniform1i(at("u_after"), 1);
    empty_array_ = make_vertex_array();
    return {};
}

void TransitionPainter::begin(TransitionPlan plan, std::vector<Canvas> before,
                              std::vector<Canvas> shown) {
    end();
    const bool draws = !before.empty() && before.front().framebuffer.get() != 0;
    if (draws && program_.get() == 0) {
        if (base::Status made = make_program(); !made.ok())
            return base::log_warning("no transitions: {}", made.error().text);
    }
    plan_ = std::move(plan);
    before_ = std::move(before);
    shown_ = std::move(shown);
    for (const Canvas& canvas : before_) moved_.emplace_back(canvas.width, canvas.height);
    leave_holes();
}

void TransitionPainter::end() {
    plan_.reset();
    before_.clear();
    shown_.clear();
    moved_.clear();
}

// A pane that moves leaves its old place empty: it is the same picture, not a second one.
void TransitionPainter::leave_holes() {
    for (const Mover& mover : plan_->movers) {
        for (const Placement& at : mover.old_places) {
            for (const RectPx& rect : at.seen) clear(before_[at.display], rect);
        }
    }
}

bool TransitionPainter::step(const std::vector<Canvas>& after, const std::vector<Damage>& fresh,
                             int64_t seen_ns, std::vector<Damage>& drawn) {
    const double share = plan_->share(seen_ns);
    if (share >= 1) {
        end();
        return false;
    }
    for (size_t i = 0; i < after.size(); ++i) {
        stay(i, after[i], fresh[i], drawn[i]);
        stay(i, after[i], moved_[i], drawn[i]);
        if (plan_->transition.kind == Kind::push)
            push(i, after[i], share);
        else
            fade(i, after[i], share);
        for (const RectPx& rect : plan_->moving[i]) drawn[i].add(rect);
        moved_[i].clear();
    }
    move(after, share, drawn);
    return true;
}

// What stands still is only copied where it changed.
void TransitionPainter::stay(size_t display, const Canvas& after, const Damage& changed,
                             Damage& drawn) {
    for (const RectPx& still : plan_->still[display]) {
        for (const RectPx& rect : changed.rects()) {
            const RectPx part = wall::intersect(wall::intersect(rect, still), whole_of(after));
            copy(after, part, shown_[display], part);
            drawn.add(part);
        }
    }
}

void TransitionPainter::fade(size_t display, const Canvas& after, double share) {
    const Canvas& to = shown_[display];
    if (to.framebuffer.get() == 0) return;  // the null renderer
    glBindFramebuffer(GL_FRAMEBUFFER, to.framebuffer.get());
    glViewport(0, 0, to.width, to.height);
    glDisable(GL_SCISSOR_TEST);
    glDisable(GL_BLEND);
    glUseProgram(program_.get());
    glUniform2f(canvas_, static_cast<float>(to.width), static_cast<float>(to.height));
    glUniform1f(share_, static_cast<float>(share));
    glActiveTexture(GL_TEXTURE1);
    glBindTexture(GL_TEXTURE_2D, after.texture.get());
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, before_[display].texture.get());
    glBindVertexArray(empty_array_.get());
    for (const RectPx& r : plan_->moving[display]) {
        glUniform4f(rect_, static_cast<float>(r.x), static_cast<float>(r.y),
                    static_cast<float>(r.width), static_cast<float>(r.height));
        glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    }
    // Where a mover goes to, it comes by itself.
    for (const Mover& mover : plan_->movers) {
        for (const Placement& at : mover.new_places) {
            for (const RectPx& rect : at.seen) {
                if (at.display == display) copy(before_[display], rect, to, rect);
            }
        }
    }
}

void TransitionPainter::push(size_t display, const Canvas& after, double share) {
    const Canvas& to = shown_[display];
    const int offset = static_cast<int>((1 - eased(share)) * to.width);
    for (const RectPx& rect : plan_->moving[display]) {
        const PushParts parts = push_parts(rect, to.width, offset);
        copy(after, parts.from_new, to, parts.to_new);
        copy(before_[display], parts.from_old, to, parts.to_old);
        for (const Mover& mover : plan_->movers) {
            for (const Placement& at : mover.new_places) {
                RectPx hole = at.tile;
                hole.x += offset;
                if (at.display == display) clear(to, wall::intersect(hole, rect));
            }
        }
    }
}

// Each mover is drawn from the new picture, which is alive, at a place between old and new.
void TransitionPainter::move(const std::vector<Canvas>& after, double share,
                             std::vector<Damage>& drawn) {
    for (const Mover& mover : plan_->movers) {
        const wall::RectMm now = between(mover.from, mover.to, eased(share));
        for (size_t i = 0; i < wall_.displays.size(); ++i) {
            for (const auto& [from, source, dest] : moved_picture(mover, now, wall_, i)) {
                copy(after[from], source, shown_[i], dest);
                moved_[i].add(dest);
                drawn[i].add(dest);
            }
        }
    }
}

}  // namespace bw::compositor
