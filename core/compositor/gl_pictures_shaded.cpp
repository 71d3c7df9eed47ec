// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include "core/compositor/gl_pictures.h"
#include "core/compositor/gl_planes.h"

namespace bw::compositor {

namespace {

// As compose_planes.vert reads it.
struct Instance {
    float rect[4];    // canvas pixels
    float part[4];    // what of the page is shown there, luma texels
    float bounds[4];  // the whole picture on the page, luma texels
    float page, matrix;
};

// What the stream said; where nobody said anything, the custom for its size.
float matrix_of(const surface::SlotHeader& header) {
    if (header.matrix >= 1 && header.matrix <= 4) return static_cast<float>(header.matrix);
    return header.height >= 720 ? 2 : 1;
}

Instance instance_of(const Plan::Picture& one, const PicturePages::Place& at) {
    const surface::SlotHeader& header = one.feed->picture().header;
    const auto width = static_cast<float>(header.width), height = static_cast<float>(header.height);
    const float across = width / static_cast<float>(one.dest.width);
    const float down = height / static_cast<float>(one.dest.height);
    auto f = [](int v) { return static_cast<float>(v); };
    return {{f(one.visible.x), f(one.visible.y), f(one.visible.width), f(one.visible.height)},
            {f(at.x) + f(one.visible.x - one.dest.x) * across,
             f(at.y) + f(one.visible.y - one.dest.y) * down, f(one.visible.width) * across,
             f(one.visible.height) * down},
            {f(at.x), f(at.y), width, height},
            f(at.page),
            matrix_of(header)};
}

class ShadedPictures final : public GlPictures {
  public:
    explicit ShadedPictures(bool direct) : planes_(direct) {}
    base::Status open();
    [[nodiscard]] const char* name() const override { return "shaded"; }
    [[nodiscard]] surface::SlotKind kind() const override { return surface::SlotKind::i420; }
    void draw(const Canvas& canvas, std::span<const Plan::Picture> pictures) override;

  private:
    /// Pictures that follow each other and lie on the same pages.
    struct Run {
        GlPlanes::Spot spot;
        std::vector<Instance> instances;
    };
    void gather(std::span<const Plan::Picture> pictures);
    void draw(const Run& run);

    GlPlanes planes_;
    GlProgram program_;
    GLint canvas_ = -1, page_ = -1;
    GlVertexArray array_;
    GlBuffer stream_;
    std::vector<Run> runs_;
    std::vector<Feed*> feeds_;
};

base::Status ShadedPictures::open() {
    if (base::Status done = planes_.open(); !done.ok()) return done;
    auto program = link_program("compose_planes.vert", "compose_planes.frag");
    if (!program.ok()) return program.error();
    program_ = std::move(*program);
    canvas_ = glGetUniformLocation(program_.get(), "u_canvas");
    page_ = glGetUniformLocation(program_.get(), "u_page");
    glUseProgram(program_.get());
    const char* const names[] = {"u_luma", "u_cb", "u_cr"};
    for (GLint i = 0; i < 3; ++i) glUniform1i(glGetUniformLocation(program_.get(), names[i]), i);
    array_ = make_vertex_array();
    stream_ = make_buffer();
    glBindVertexArray(array_.get());
    glBindBuffer(GL_ARRAY_BUFFER, stream_.get());
    const size_t offsets[] = {offsetof(Instance, rect), offsetof(Instance, part),
                              offsetof(Instance, bounds), offsetof(Instance, page)};
    for (GLuint i = 0; i < 4; ++i) {
        glEnableVertexAttribArray(i);
        glVertexAttribPointer(i, i == 3 ? 2 : 4, GL_FLOAT, GL_FALSE, sizeof(Instance),
                              reinterpret_cast<const void*>(offsets[i]));
        glVertexAttribDivisor(i, 1);
    }
    return {};
}

// In the order of the plan: later pictures lie above earlier ones.
void ShadedPictures::gather(std::span<const Plan::Picture> pictures) {
    runs_.clear();
    feeds_.clear();
    for (const Plan::Picture& one : pictures) {
        if (one.feed->picture().header.kind != surface::SlotKind::i420) continue;
        const auto spot = planes_.place(*one.feed);
        if (!spot) continue;
        feeds_.push_back(one.feed);
        if (runs_.empty() || runs_.back().spot.own != spot->own) runs_.push_back({*spot, {}});
        runs_.back().instances.push_back(instance_of(one, spot->at));
    }
}

void ShadedPictures::draw(const Run& run) {
    glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(run.instances.size() * sizeof(Instance)),
                 run.instances.data(), GL_STREAM_DRAW);
    glUniform2f(page_, static_cast<float>(run.spot.width), static_cast<float>(run.spot.height));
    planes_.bind_textures(run.spot.own);
    glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, static_cast<GLsizei>(run.instances.size()));
}

void ShadedPictures::draw(const Canvas& canvas, std::span<const Plan::Picture> pictures) {
    gather(pictures);
    if (runs_.empty()) return;
    planes_.upload(feeds_);
    bind(canvas);
    glDisable(GL_SCISSOR_TEST);
    glBindVertexArray(array_.get());
    glBindBuffer(GL_ARRAY_BUFFER, stream_.get());
    glUseProgram(program_.get());
    glUniform2f(canvas_, static_cast<float>(canvas.width), static_cast<float>(canvas.height));
    for (const Run& run : runs_) draw(run);
    glActiveTexture(GL_TEXTURE0);
}

}  // namespace

base::Result<std::unique_ptr<GlPictures>> make_shaded_pictures(bool direct) {
    auto made = std::make_unique<ShadedPictures>(direct);
    if (base::Status done = made->open(); !done.ok()) return done.error();
    return std::unique_ptr<GlPictures>(std::move(made));
}

}  // namespace bw::compositor
