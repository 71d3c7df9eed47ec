// SPDX-License-Identifier: Apache-2.0
// The pages of luma and chroma on the GPU, and how planes get there. Pictures larger than a page
// have one of their own, up to what the driver allows.
#pragma once

#include <array>
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

    using Textures = std::array<GlTexture, 3>;  // luma, cb, cr
    /// Where a feed's picture lies.
    struct Spot {
        PicturePages::Place at;
        int width = 0, height = 0;      // of the page, luma texels
        const Textures* own = nullptr;  // a page of its own; null: one of the shared ones
    };
    /// Empty: there is no room for it. A spot is good as long as the feed's picture.
    [[nodiscard]] std::optional<Spot> place(Feed& feed);
    /// Brings the newest pictures of these feeds (of those that have a place) to their places.
    void upload(const std::vector<Feed*>& feeds);
    /// Binds luma, cb and cr to texture units 0, 1, 2. Null: the shared pages.
    void bind_textures(const Textures* own) const;

  private:
    struct Kept;
    static Kept* kept(const Feed& feed);
    [[nodiscard]] Spot spot_of(const Kept& has) const;
    [[nodiscard]] std::unique_ptr<Kept> make_place(int width, int height);
    [[nodiscard]] bool is_stale(const Kept& has, uint64_t version) const;
    void grow();
    void send(const std::vector<Feed*>& feeds, const std::vector<uintptr_t>& from);

    bool direct_;
    std::shared_ptr<PicturePages> pages_;
    int most_side_ = 0;  // of a page
    Textures planes_;
    GlBuffer stream_;
    int layers_ = 0;
    bool full_said_ = false;
    uint64_t generation_ = 0;  // of the textures: a new one is empty
};

}  // namespace bw::compositor
