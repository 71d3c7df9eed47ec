// SPDX-License-Identifier: Apache-2.0
// Draws stages into canvases. The only place that knows how a picture reaches a canvas; decides
// nothing about what is shown. One GL context, one thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/compositor/gl_program.h"
#include "core/compositor/stage.h"

namespace bw::compositor {

/// A draw list on its way to a canvas.
struct ListPlace {
    double x = 0, y = 0, scale = 1;
    wall::RectPx clip;  // canvas pixels
    size_t first_command = 0;
};

class Painter {
  public:
    /// With a current GL 3.3 context. The atlas must outlive the painter.
    static base::Result<std::unique_ptr<Painter>> make(const text::Atlas& atlas);

    [[nodiscard]] const std::string& renderer() const { return renderer_; }
    [[nodiscard]] bool software() const { return software_; }

    /// Brings the panel pictures of a stage up to date (cached textures).
    void prepare(const Stage& stage);
    /// Draws one damaged rectangle of a display. `strip`: its wall strip's draw list.
    void compose(const Canvas& canvas, const Stage* stage, size_t display, const wall::RectPx& rect,
                 const Strip& strip);
    /// Copies `from` scaled into a rectangle of `to`.
    void copy(const Canvas& from, const Canvas& to, const wall::RectPx& rect);
    void clear(const Canvas& canvas);

  private:
    struct ListProgram {
        GlProgram program;
        GLint offset = -1, scale = -1, canvas = -1;
    };
    struct PictureProgram {
        GlProgram program;
        GLint rect = -1, part = -1, canvas = -1, bt709 = -1;
    };
    explicit Painter(const text::Atlas& atlas) : atlas_(atlas) {}
    base::Status init();
    void set_up_lists();
    // A part of a tile that must be drawn: layer by layer, so that copies and shading do not take
    // turns more often than they must.
    struct Part {
        const Tile* tile;
        const Placement* at;
        size_t slot;
        wall::RectPx rect;     // of the tile
        wall::RectPx content;  // of its content
    };
    void draw_ground(const Canvas& canvas, const Part& part);
    void draw_videos(const Canvas& canvas, const Part& part);
    void fill_grounds(const Canvas& canvas, const Part& part);
    void draw_furniture(const Part& part);
    void draw_parts(const Canvas& canvas, std::span<const Part> parts);
    // Furniture is gathered into one list before it is drawn.
    void gather(const surface::DrawList& list, const wall::RectPx& clip);
    void draw_gathered(const Canvas& canvas);
    void draw_panel(const Canvas& canvas, const Tile& tile, const Placement& at,
                    const wall::RectPx& rect);
    void draw_video(const Canvas& canvas, const VideoTile& video, const Placement& at,
                    const wall::RectPx& rect);
    void draw_picture(const Canvas& canvas, const Feed& feed, const wall::RectPx& dest,
                      const wall::RectPx& visible);
    void copy_pixels(const Canvas& canvas, const surface::Picture& picture,
                     const wall::RectPx& dest, const wall::RectPx& visible);
    void upload(Feed& feed);
    void draw_list(const Canvas& canvas, const surface::DrawList& list, const ListPlace& place);
    void fill(const Canvas& canvas, const wall::RectPx& rect, uint32_t rgba);

    const text::Atlas& atlas_;
    std::string renderer_;
    bool software_ = true;
    ListProgram list_;
    PictureProgram picture_, video_;
    GlTexture glyphs_;
    GlVertexArray list_array_, empty_array_;
    GlBuffer vertices_, indices_;
    surface::DrawList gathered_;
};

}  // namespace bw::compositor
