// SPDX-License-Identifier: Apache-2.0
// A panel's own textures as GL has them: loaded when a command first shows them, again only when
// their pixels are others. With a current context.
#pragma once

#include <map>

#include "core/compositor/gl_program.h"
#include "core/surface/draw_list.h"

namespace bw::compositor {

class GlTextures {
  public:
    /// Loads some of what the commands of `list` show and is not here as it is there, `pixels` of
    /// it or a row more, and lets go of what the list has no longer. Returns the pixels loaded; 0:
    /// all is here.
    uint64_t load(const surface::DrawList& list, uint64_t pixels);
    /// 0: no such texture, or not all of it.
    [[nodiscard]] GLuint of(uint32_t id) const;

  private:
    struct One {
        GlTexture name;
        uint64_t content = 0;  // see surface::Texture
        uint32_t width = 0, height = 0;
        uint32_t rows = 0;  // from the top: loaded
    };
    void let_go(const surface::DrawList& list);
    uint64_t load(const surface::Texture& from, uint64_t pixels);

    std::map<uint32_t, One> all_;  // by id
};

}  // namespace bw::compositor
