// SPDX-License-Identifier: Apache-2.0
// The pages of luma and chroma on the GPU, and how planes get there.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/compositor/feed.h"
#include "core/compositor/gl_program.h"
#include "core/compositor/picture_pages.h"

namespace bw::compositor {

class GlPlanes {
  public:
    /// `direct`: from the shared slot; else through one buffer that is streamed per call of
    /// upload().
    explicit GlPlanes(bool direct) : direct_(direct) {}
    base::Status open();

    /// Where a feed's picture lies; empty: there is no room for it.
    [[nodiscard]] std::optional<PicturePages::Place> place(Feed& feed);
    /// Brings the newest pictures of these feeds (of those that have a place) to their places.
    void upload(const std::vector<Feed*>& feeds);
    /// Binds luma, cb and cr to texture units 0, 1, 2.
    void bind_textures() const;
    [[nodiscard]] int side() const { return pages_->side(); }

  private:
    struct Kept;
    static Kept* kept(const Feed& feed);
    void grow();
    void send(const std::vector<Feed*>& feeds, const std::vector<uintptr_t>& from);

    bool direct_;
    std::shared_ptr<PicturePages> pages_;
    GlTexture planes_[3];
    GlBuffer stream_;
    int layers_ = 0;
    bool full_said_ = false;
    uint64_t generation_ = 0;  // of the textures: a new one is empty
};

}  // namespace bw::compositor
