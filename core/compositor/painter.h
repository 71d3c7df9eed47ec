// SPDX-License-Identifier: Apache-2.0
// The renderer behind one interface: it brings plans onto canvases and decides nothing about what
// is shown. Three kinds: opaque pixels copied into place (software renderers), planes shaded in one
// instanced draw (GPUs), and none at all, for logic and tests without GL. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/compositor/gl_program.h"
#include "core/compositor/gl_textures.h"
#include "core/compositor/plan.h"
#include "core/compositor/png_worker.h"

namespace bw::compositor {

enum class PainterKind { by_driver, null, software, gpu };
/// "null", "software" or "gpu"; an empty word or "auto": what suits the driver. "invalid"
/// otherwise.
base::Result<PainterKind> painter_kind(std::string_view word);

class Painter {
  public:
    Painter() = default;
    virtual ~Painter() = default;
    Painter(const Painter&) = delete;
    Painter& operator=(const Painter&) = delete;
    /// All but the null renderer: with a current GL 3.3 context. The atlas must outlive the
    /// painter.
    static base::Result<std::unique_ptr<Painter>> make(const text::Atlas& atlas,
                                                       PainterKind kind = PainterKind::by_driver);

    /// The driver's name for itself.
    [[nodiscard]] virtual std::string renderer() const = 0;
    /// No GPU draws.
    [[nodiscard]] virtual bool software() const = 0;
    /// There are pixels to look at.
    [[nodiscard]] virtual bool draws() const { return true; }
    /// How videos reach the canvas: "copied", "shaded", "none".
    [[nodiscard]] virtual std::string pictures() const = 0;
    /// What is asked of media.
    [[nodiscard]] virtual surface::SlotKind video_kind() const = 0;
    /// The longest side a video's picture may have.
    [[nodiscard]] virtual int most_side() const { return surface::kMaxSide; }

    [[nodiscard]] virtual Canvas make_canvas(int width, int height) = 0;
    virtual void clear(const Canvas& canvas) = 0;
    /// Brings the panels' pictures of a stage up to date (cached, one per panel). Adds the pixels
    /// written to the entry of each tile's first display.
    void prepare(const Stage& stage, std::vector<uint64_t>& written);
    /// Which panels a step is for.
    enum class Lacking : uint8_t {
        first = 1,  // those never drawn whole; what changes meanwhile is left for later, or a panel
                    // that is always changing would never be done
        all = 2,
    };
    /// One step of the same: about `pixels` of what is lacking. False: nothing was.
    bool prepare_some(const Stage& stage, Lacking which, uint64_t pixels,
                      std::vector<uint64_t>& written);
    [[nodiscard]] static bool lacks(const Stage& stage, Lacking which);
    /// Returns when all that was drawn is there.
    virtual void finish() {}
    virtual void paint(const Canvas& canvas, const Plan& plan) = 0;
    /// Copies `from` scaled into a rectangle of `to`.
    virtual void copy(const Canvas& from, const Canvas& to, const wall::RectPx& rect) = 0;
    /// Waits for the drawing. The null renderer gives black.
    [[nodiscard]] virtual Pixels read(const Canvas& canvas, const wall::RectPx& rect) = 0;

  protected:
    /// What is kept of a panel's feed.
    struct Kept : Drawable {
        Canvas canvas;
        GlTextures textures;                // of its own, as its newest list has them
        uint64_t version = 0;               // of the newest picture that `lacking` reckons with
        std::vector<wall::RectPx> lacking;  // what of it is not drawn yet
        bool whole = false;                 // every pixel has been drawn once
        uint64_t loaded = 0;                // pixels of textures, until it was

        [[nodiscard]] bool lacks(Lacking which, uint64_t newest) const {
            if (which == Lacking::first) return !whole;
            return version != newest || !lacking.empty();
        }
    };
    static Kept& kept(Feed& feed);

  private:
    Kept& noted(const Tile& tile);
    void draw_part(Kept& panel, const Tile& tile, const wall::RectPx& part,
                   std::vector<uint64_t>& written);
    virtual void draw_panel(const Kept& panel, const surface::DrawList& list,
                            const wall::RectPx& part) = 0;
    /// Brings about so many pixels of the panel's own textures to where they are drawn from, before
    /// anything is drawn. 0: all are there.
    virtual uint64_t load_textures(Kept&, const surface::DrawList&, uint64_t /*pixels*/) {
        return 0;
    }
    uint64_t load(Kept& panel, const Tile& tile, uint64_t pixels, std::vector<uint64_t>& written);
};

}  // namespace bw::compositor
