// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/gl_painter.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/compositor/pen.h"

namespace bw::compositor {

using surface::SlotKind;
using wall::RectPx;

namespace {

// What the renderer keeps of a feed: a panel's picture, or planes of a scaled or converted video.
struct FeedTextures : Drawable {
    Canvas panel;
    GlTexture planes[3];
    int width = 0, height = 0;
    uint64_t version = 0;
};

FeedTextures& textures(Feed& feed) {
    if (!feed.drawable) feed.drawable = std::make_unique<FeedTextures>();
    return static_cast<FeedTextures&>(*feed.drawable);
}

void bind(const Canvas& canvas) {
    glBindFramebuffer(GL_FRAMEBUFFER, canvas.framebuffer.get());
    glViewport(0, 0, canvas.width, canvas.height);
}

void scissor(const RectPx& r) {
    glEnable(GL_SCISSOR_TEST);
    glScissor(r.x, r.y, std::max(r.width, 0), std::max(r.height, 0));
}

bool contains(const RectPx& outer, const RectPx& inner) {
    return wall::intersect(outer, inner) == inner;
}

GLint at(const GlProgram& program, const char* name) {
    return glGetUniformLocation(program.get(), name);
}

}  // namespace

base::Result<std::unique_ptr<Painter>> Painter::make(const text::Atlas& atlas) {
    std::unique_ptr<Painter> painter(new Painter(atlas));
    if (base::Status done = painter->init(); !done.ok()) return done.error();
    return painter;
}

base::Status Painter::init() {
    if (epoxy_gl_version() < 33) return base::Error{"system", "OpenGL 3.3 is not there"};
    const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
    renderer_ = name != nullptr ? name : "unknown";
    software_ = renderer_.find("llvmpipe") != std::string::npos ||
                renderer_.find("softpipe") != std::string::npos ||
                renderer_.find("SwiftShader") != std::string::npos;
    auto list = link_program("compose_list.vert", "compose_list.frag");
    if (!list.ok()) return list.error();
    auto picture = link_program("compose_picture.vert", "compose_picture.frag");
    if (!picture.ok()) return picture.error();
    auto video = link_program("compose_picture.vert", "compose_video_i420.frag");
    if (!video.ok()) return video.error();
    list_.program = std::move(*list);
    list_.offset = at(list_.program, "u_offset");
    list_.scale = at(list_.program, "u_scale");
    list_.canvas = at(list_.program, "u_canvas");
    for (auto [to, from] : {std::pair{&picture_, &picture}, std::pair{&video_, &video}}) {
        to->program = std::move(**from);
        to->rect = at(to->program, "u_rect");
        to->part = at(to->program, "u_part");
        to->canvas = at(to->program, "u_canvas");
        to->bt709 = at(to->program, "u_bt709");
    }
    glUseProgram(video_.program.get());
    glUniform1i(at(video_.program, "u_luma"), 0);
    glUniform1i(at(video_.program, "u_cb"), 1);
    glUniform1i(at(video_.program, "u_cr"), 2);
    set_up_lists();
    return {};
}

void Painter::set_up_lists() {
    glyphs_ = make_texture(GL_R8, static_cast<int>(atlas_.width()),
                           static_cast<int>(atlas_.height()), GL_RED, atlas_.pixels().data());
    empty_array_ = make_vertex_array();
    list_array_ = make_vertex_array();
    vertices_ = make_buffer();
    indices_ = make_buffer();
    glBindVertexArray(list_array_.get());
    glBindBuffer(GL_ARRAY_BUFFER, vertices_.get());
    glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_.get());
    const GLsizei stride = sizeof(surface::Vertex);
    auto offset = [](size_t bytes) { return reinterpret_cast<const void*>(bytes); };
    glEnableVertexAttribArray(0);
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, stride, offset(offsetof(surface::Vertex, x)));
    glEnableVertexAttribArray(1);
    glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, stride, offset(offsetof(surface::Vertex, u)));
    glEnableVertexAttribArray(2);
    glVertexAttribPointer(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, stride,
                          offset(offsetof(surface::Vertex, rgba)));
    glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
}

void Painter::fill(const Canvas& canvas, const RectPx& rect, uint32_t rgba) {
    bind(canvas);
    // Without a scissor a software renderer clears without shading.
    if (rect == RectPx{0, 0, canvas.width, canvas.height})
        glDisable(GL_SCISSOR_TEST);
    else
        scissor(rect);
    auto part = [&](int shift) { return static_cast<float>((rgba >> shift) & 255) / 255.0f; };
    glClearColor(part(0), part(8), part(16), 1);
    glClear(GL_COLOR_BUFFER_BIT);
}

void Painter::clear(const Canvas& canvas) {
    fill(canvas, {0, 0, canvas.width, canvas.height}, colour::kGround);
}

void Painter::draw_list(const Canvas& canvas, const surface::DrawList& list,
                        const ListPlace& place) {
    if (list.indices.empty() || place.clip.empty()) return;
    bind(canvas);
    glBindVertexArray(list_array_.get());
    glBindBuffer(GL_ARRAY_BUFFER, vertices_.get());
    auto bytes = [](const auto& v) { return static_cast<GLsizeiptr>(v.size() * sizeof(v[0])); };
    glBufferData(GL_ARRAY_BUFFER, bytes(list.vertices), list.vertices.data(), GL_STREAM_DRAW);
    glBufferData(GL_ELEMENT_ARRAY_BUFFER, bytes(list.indices), list.indices.data(), GL_STREAM_DRAW);
    glUseProgram(list_.program.get());
    auto scale = static_cast<float>(place.scale);
    glUniform2f(list_.offset, static_cast<float>(place.x), static_cast<float>(place.y));
    glUniform2f(list_.scale, scale, scale);
    glUniform2f(list_.canvas, static_cast<float>(canvas.width), static_cast<float>(canvas.height));
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, glyphs_.get());
    glEnable(GL_BLEND);
    for (size_t i = place.first_command; i < list.commands.size(); ++i) {
        const surface::DrawCommand& command = list.commands[i];
        if (command.video >= 0 || command.count == 0) continue;
        // Clips come from outside: brought into the canvas' range before they become integers.
        auto edge = [&](float v, double origin) {
            return static_cast<int>(
                std::floor(std::clamp(origin + v * place.scale, -1e6, 1e6) + 0.5));
        };
        int x0 = edge(command.clip_x0, place.x), y0 = edge(command.clip_y0, place.y);
        int x1 = edge(command.clip_x1, place.x), y1 = edge(command.clip_y1, place.y);
        RectPx clip = wall::intersect({x0, y0, x1 - x0, y1 - y0}, place.clip);
        if (clip.empty()) continue;
        scissor(clip);
        glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(command.count), GL_UNSIGNED_INT,
                       reinterpret_cast<const void*>(size_t{command.first_index} * 4));
    }
    glDisable(GL_BLEND);
}

void Painter::prepare(const Stage& stage) {
    for (const Tile& tile : stage.tiles()) {
        if (!tile.feed || tile.feed->version() == 0) continue;
        FeedTextures& kept = textures(*tile.feed);
        if (kept.version == tile.feed->version()) continue;
        kept.version = tile.feed->version();
        if (kept.panel.width == 0)
            kept.panel = make_canvas(tile.geometry.width, tile.geometry.height);
        RectPx whole{0, 0, kept.panel.width, kept.panel.height};
        fill(kept.panel, whole, colour::kTile);
        draw_list(kept.panel, tile.feed->list(), {0, 0, 1, whole, 0});
    }
}

void Painter::compose(const Canvas& canvas, const Stage* stage, size_t display, const RectPx& rect,
                      const Strip& strip) {
    const std::vector<Tile> none;
    const std::vector<Tile>& tiles = stage != nullptr ? stage->tiles() : none;
    // The topmost tile that hides everything below it in this rectangle comes first.
    size_t first = 0;
    bool covered = false;
    for (size_t i = tiles.size(); i-- > 0 && !covered;) {
        for (const Placement& place : tiles[i].geometry.placements) {
            if (place.display != display || !contains(place.tile, rect)) continue;
            first = i;
            covered = true;
        }
    }
    std::vector<Part> parts;
    std::vector<RectPx> opaque;
    for (size_t i = first; i < tiles.size(); ++i) {
        const auto& placements = tiles[i].geometry.placements;
        for (size_t slot = 0; slot < placements.size(); ++slot) {
            const Placement& place = placements[slot];
            RectPx part = wall::intersect(place.tile, rect);
            if (place.display != display || part.empty()) continue;
            parts.push_back({&tiles[i], &place, slot, part, wall::intersect(place.clip, part)});
            opaque.push_back(part);
        }
    }
    if (!covered) {
        for (const RectPx& gap : uncovered(rect, opaque)) fill(canvas, gap, colour::kGround);
    }
    if (stage != nullptr && stage->overlaps()) {
        for (const Part& part : parts) draw_parts(canvas, {&part, 1});
    } else {
        draw_parts(canvas, parts);
    }
    gather(strip.list, wall::intersect(rect, strip.look.rect));
    draw_gathered(canvas);
}

void Painter::draw_parts(const Canvas& canvas, std::span<const Part> parts) {
    for (const Part& part : parts) {
        if (!part.content.empty()) draw_ground(canvas, part);
    }
    for (const Part& part : parts) {
        if (!part.content.empty()) draw_videos(canvas, part);
    }
    for (const Part& part : parts) fill_grounds(canvas, part);
    for (const Part& part : parts) draw_furniture(part);
    draw_gathered(canvas);
}

void Painter::draw_ground(const Canvas& canvas, const Part& part) {
    if (part.tile->feed && part.tile->feed->version() > 0)
        draw_panel(canvas, *part.tile, *part.at, part.content);
}

void Painter::draw_videos(const Canvas& canvas, const Part& part) {
    for (const VideoTile& video : part.tile->videos)
        draw_video(canvas, video, *part.at, part.content);
    if (!part.tile->feed) return;
    // What the panel draws after a video lies above it.
    const surface::DrawList& list = part.tile->feed->list();
    for (const VideoTile& video : part.tile->videos) {
        RectPx box = wall::intersect(part.at->on_display(video.place.box), part.content);
        if (box.empty() || video.feed->version() == 0) continue;
        if (video.command_index < list.commands.size()) {
            draw_list(
                canvas, list,
                {static_cast<double>(part.at->origin_x), static_cast<double>(part.at->origin_y),
                 part.at->scale, box, video.command_index});
        }
    }
}

void Painter::draw_furniture(const Part& part) {
    const bool blank = part.tile->furniture[part.slot].blank;
    if (part.tile->feed && !part.content.empty() && !blank) {
        for (const VideoTile& video : part.tile->videos) {
            const Furniture& worn = video.furniture[part.slot];
            gather(worn.frame, wall::intersect(worn.look.strip, part.content));
            gather(worn.over, wall::intersect(worn.look.tile, part.content));
        }
    }
    const Furniture& worn = part.tile->furniture[part.slot];
    if (part.rect != part.content) gather(worn.frame, part.rect);
    gather(worn.over, part.content);
}

void Painter::gather(const surface::DrawList& list, const RectPx& clip) {
    if (list.indices.empty() || clip.empty()) return;
    auto base = static_cast<uint32_t>(gathered_.vertices.size());
    auto first = static_cast<uint32_t>(gathered_.indices.size());
    gathered_.vertices.insert(gathered_.vertices.end(), list.vertices.begin(), list.vertices.end());
    for (uint32_t index : list.indices) gathered_.indices.push_back(base + index);
    for (surface::DrawCommand command : list.commands) {
        command.first_index += first;
        command.clip_x0 = std::max(command.clip_x0, static_cast<float>(clip.x));
        command.clip_y0 = std::max(command.clip_y0, static_cast<float>(clip.y));
        command.clip_x1 = std::min(command.clip_x1, static_cast<float>(clip.x + clip.width));
        command.clip_y1 = std::min(command.clip_y1, static_cast<float>(clip.y + clip.height));
        gathered_.commands.push_back(command);
    }
}

void Painter::draw_gathered(const Canvas& canvas) {
    draw_list(canvas, gathered_, {0, 0, 1, {0, 0, canvas.width, canvas.height}, 0});
    gathered_.vertices.clear();
    gathered_.indices.clear();
    gathered_.commands.clear();
}

// Opaque ground for captions and empty tiles: a clear costs far less than shading.
void Painter::fill_grounds(const Canvas& canvas, const Part& part) {
    auto ground = [&](const RectPx& area, const RectPx& within) {
        RectPx rect = wall::intersect(area, within);
        if (!rect.empty()) fill(canvas, rect, colour::kTile);
    };
    auto grounds = [&](const Furniture& worn, const RectPx& within) {
        ground(worn.look.strip, within);
        if (worn.blank) ground(worn.look.content, within);
    };
    if (part.tile->feed) {
        for (const VideoTile& video : part.tile->videos)
            grounds(video.furniture[part.slot], part.content);
    }
    grounds(part.tile->furniture[part.slot], part.rect);
}

void Painter::draw_panel(const Canvas& canvas, const Tile& tile, const Placement& at,
                         const RectPx& rect) {
    // A video that hides the whole rectangle needs nothing below it.
    for (const VideoTile& video : tile.videos) {
        RectPx box = at.on_display(video.place.box);
        if (video.feed->version() > 0 && contains(box, rect)) return;
    }
    const Canvas& from = textures(*tile.feed).panel;
    glDisable(GL_SCISSOR_TEST);
    if (at.scale == 1) {  // pixel for pixel: a copy, without shading
        glBindFramebuffer(GL_READ_FRAMEBUFFER, from.framebuffer.get());
        glBindFramebuffer(GL_DRAW_FRAMEBUFFER, canvas.framebuffer.get());
        int x = rect.x - at.origin_x, y = rect.y - at.origin_y;
        glBlitFramebuffer(x, y, x + rect.width, y + rect.height, rect.x, rect.y,
                          rect.x + rect.width, rect.y + rect.height, GL_COLOR_BUFFER_BIT,
                          GL_NEAREST);
        return;
    }
    bind(canvas);
    scissor(rect);
    glUseProgram(picture_.program.get());
    RectPx dest = at.on_display({0, 0, from.width, from.height});
    glUniform4f(picture_.rect, static_cast<float>(dest.x), static_cast<float>(dest.y),
                static_cast<float>(dest.width), static_cast<float>(dest.height));
    glUniform4f(picture_.part, 0, 0, 1, 1);
    glUniform2f(picture_.canvas, static_cast<float>(canvas.width),
                static_cast<float>(canvas.height));
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, from.texture.get());
    glBindVertexArray(empty_array_.get());
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

void Painter::draw_video(const Canvas& canvas, const VideoTile& video, const Placement& at,
                         const RectPx& rect) {
    RectPx box = at.on_display(video.place.box);
    RectPx part = wall::intersect(box, rect);
    if (part.empty() || video.feed->version() == 0) return;
    RectPx dest = video.picture_on(at);
    RectPx visible = wall::intersect(dest, part);
    if (visible.empty()) return fill(canvas, part, colour::kGround);
    if (visible != part) {
        for (const RectPx& side : uncovered(part, {visible})) fill(canvas, side, colour::kGround);
    }
    draw_picture(canvas, *video.feed, dest, visible);
}

void Painter::draw_picture(const Canvas& canvas, const Feed& feed, const RectPx& dest,
                           const RectPx& visible) {
    const surface::SlotHeader& header = feed.picture().header;
    bool same_size = dest.width == static_cast<int>(header.width) &&
                     dest.height == static_cast<int>(header.height);
    if (header.kind == SlotKind::rgba && same_size)
        return copy_pixels(canvas, feed.picture(), dest, visible);
    upload(const_cast<Feed&>(feed));  // textures are the renderer's own corner of a feed
    const auto& kept = static_cast<const FeedTextures&>(*feed.drawable);
    const PictureProgram& program = header.kind == SlotKind::i420 ? video_ : picture_;
    bind(canvas);
    scissor(visible);
    glUseProgram(program.program.get());
    glUniform4f(program.rect, static_cast<float>(dest.x), static_cast<float>(dest.y),
                static_cast<float>(dest.width), static_cast<float>(dest.height));
    glUniform4f(program.part, 0, 0, 1, 1);
    glUniform2f(program.canvas, static_cast<float>(canvas.width),
                static_cast<float>(canvas.height));
    if (program.bt709 >= 0) glUniform1i(program.bt709, header.height >= 720 ? 1 : 0);
    for (GLuint i = 0; i < 3; ++i) {
        glActiveTexture(GL_TEXTURE0 + i);
        glBindTexture(GL_TEXTURE_2D, kept.planes[i].get());
    }
    glBindVertexArray(empty_array_.get());
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

// Opaque pixels go straight from the shared slot into the canvas: the cheap path without a GPU.
void Painter::copy_pixels(const Canvas& canvas, const surface::Picture& picture, const RectPx& dest,
                          const RectPx& visible) {
    const size_t row = picture.header.stride;
    const auto skip_y = static_cast<size_t>(visible.y - dest.y);
    const auto skip_x = static_cast<size_t>(visible.x - dest.x);
    const std::byte* pixels = picture.payload + skip_y * row + skip_x * 4;
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, canvas.texture.get());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(row / 4));
    glTexSubImage2D(GL_TEXTURE_2D, 0, visible.x, visible.y, visible.width, visible.height, GL_RGBA,
                    GL_UNSIGNED_BYTE, pixels);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

void Painter::upload(Feed& feed) {
    FeedTextures& kept = textures(feed);
    if (kept.version == feed.version()) return;
    kept.version = feed.version();
    const surface::Picture& picture = feed.picture();
    const auto width = static_cast<int>(picture.header.width);
    const auto height = static_cast<int>(picture.header.height);
    const bool planar = picture.header.kind == SlotKind::i420;
    const bool resized = kept.width != width || kept.height != height;
    kept.width = width;
    kept.height = height;
    const std::byte* pixels = picture.payload;
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    for (int i = 0; i < (planar ? 3 : 1); ++i) {
        GLenum internal = planar ? GL_R8 : GL_RGBA8, format = planar ? GL_RED : GL_RGBA;
        int w = i == 0 ? width : (width + 1) / 2, h = i == 0 ? height : (height + 1) / 2;
        auto stride = static_cast<int>(picture.header.stride);
        if (i > 0) stride = (stride + 1) / 2;
        if (resized) kept.planes[i] = make_texture(internal, w, h, format, nullptr);
        glBindTexture(GL_TEXTURE_2D, kept.planes[i].get());
        glPixelStorei(GL_UNPACK_ROW_LENGTH, planar ? stride : stride / 4);
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, w, h, format, GL_UNSIGNED_BYTE, pixels);
        pixels += static_cast<size_t>(stride) * static_cast<size_t>(h);
    }
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

void Painter::copy(const Canvas& from, const Canvas& to, const RectPx& rect) {
    glDisable(GL_SCISSOR_TEST);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, from.framebuffer.get());
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, to.framebuffer.get());
    bool same = rect.width == from.width && rect.height == from.height;
    glBlitFramebuffer(0, 0, from.width, from.height, rect.x, rect.y, rect.x + rect.width,
                      rect.y + rect.height, GL_COLOR_BUFFER_BIT, same ? GL_NEAREST : GL_LINEAR);
}

}  // namespace bw::compositor
