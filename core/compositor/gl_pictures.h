// SPDX-License-Identifier: Apache-2.0
// How video pictures reach a canvas: the one part in which software renderers and GPUs differ.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/compositor/gl_quad.h"
#include "core/compositor/plan.h"

namespace bw::compositor {

class GlPictures {
  public:
    GlPictures() = default;
    virtual ~GlPictures() = default;
    GlPictures(const GlPictures&) = delete;
    GlPictures& operator=(const GlPictures&) = delete;
    [[nodiscard]] virtual const char* name() const = 0;
    /// What media must deliver.
    [[nodiscard]] virtual surface::SlotKind kind() const = 0;
    virtual void draw(const Canvas& canvas, std::span<const Plan::Picture> pictures) = 0;
};

/// Opaque RGBA that media made at the size of its place: copied from the shared slot, no shader. A
/// picture of another size goes through `quad`, which must outlive this.
base::Result<std::unique_ptr<GlPictures>> make_copied_pictures(GlQuad& quad);

/// I420 planes, uploaded into pages; one instanced draw per canvas, and one more for each picture
/// larger than a page. `direct`: upload from the slot
/// (a software renderer: a buffer between would be one more copy), else by a streamed buffer.
base::Result<std::unique_ptr<GlPictures>> make_shaded_pictures(bool direct);

}  // namespace bw::compositor
