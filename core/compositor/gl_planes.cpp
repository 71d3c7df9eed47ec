// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/gl_planes.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/log.h"

namespace bw::compositor {

namespace {

constexpr int kPageSide = 4096, kMostPages = 64;

// One plane of a picture in its slot: rows of `stride` bytes.
struct Plane {
    size_t offset = 0;
    int width = 0, height = 0, stride = 0;
    [[nodiscard]] size_t bytes() const {
        return static_cast<size_t>(stride) * static_cast<size_t>(height);
    }
};

std::array<Plane, 3> planes_of(const surface::SlotHeader& header) {
    const auto width = static_cast<int>(header.width), height = static_cast<int>(header.height);
    const auto stride = static_cast<int>(header.stride);
    const int half_width = (width + 1) / 2, half_height = (height + 1) / 2;
    Plane luma{0, width, height, stride};
    Plane cb{luma.bytes(), half_width, half_height, (stride + 1) / 2};
    Plane cr{cb.offset + cb.bytes(), half_width, half_height, cb.stride};
    return {luma, cb, cr};
}

size_t bytes_of(const surface::SlotHeader& header) {
    const Plane last = planes_of(header)[2];
    return last.offset + last.bytes();
}

GlTexture make_pages(int width, int height, int layers) {
    GLuint name = 0;
    glGenTextures(1, &name);
    glBindTexture(GL_TEXTURE_2D_ARRAY, name);
    glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_R8, width, height, layers, 0, GL_RED, GL_UNSIGNED_BYTE,
                 nullptr);
    for (GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER})
        glTexParameteri(GL_TEXTURE_2D_ARRAY, filter, GL_LINEAR);
    for (GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T})
        glTexParameteri(GL_TEXTURE_2D_ARRAY, wrap, GL_CLAMP_TO_EDGE);
    return GlTexture(name);
}

}  // namespace

// Held by the feed: gives its place back when the feed goes.
struct GlPlanes::Kept : Drawable {
    std::shared_ptr<PicturePages> pages;  // null: it has a page of its own
    Textures own;
    PicturePages::Place at;
    uint64_t version = 0, generation = 0;
    ~Kept() override {
        if (pages) pages->give_back(at);
    }
};

GlPlanes::Kept* GlPlanes::kept(const Feed& feed) {
    return static_cast<Kept*>(feed.drawable.get());
}

base::Status GlPlanes::open() {
    GLint most_layers = 0;
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most_side_);
    glGetIntegerv(GL_MAX_ARRAY_TEXTURE_LAYERS, &most_layers);
    pages_ = std::make_shared<PicturePages>(std::min(kPageSide, most_side_),
                                            std::min(kMostPages, most_layers));
    if (!direct_) stream_ = make_buffer();
    return {};
}

GlPlanes::Spot GlPlanes::spot_of(const Kept& has) const {
    if (has.pages) return {has.at, pages_->side(), pages_->side(), nullptr};
    return {has.at, has.at.width, has.at.height, &has.own};
}

// Even sides, so that half-sized chroma planes lie at half the coordinates.
std::unique_ptr<GlPlanes::Kept> GlPlanes::make_place(int width, int height) {
    auto made = std::make_unique<Kept>();
    if (width <= pages_->side() && height <= pages_->side()) {
        auto at = pages_->take(width, height);
        if (!at) return nullptr;
        made->pages = pages_;
        made->at = *at;
        return made;
    }
    if (width > most_side_ || height > most_side_) return nullptr;
    made->at = {0, 0, 0, width, height};
    for (size_t i = 0; i < 3; ++i)
        made->own[i] = i == 0 ? make_pages(width, height, 1) : make_pages(width / 2, height / 2, 1);
    return made;
}

std::optional<GlPlanes::Spot> GlPlanes::place(Feed& feed) {
    const surface::SlotHeader& header = feed.picture().header;
    const int width = static_cast<int>(header.width + header.width % 2);
    const int height = static_cast<int>(header.height + header.height % 2);
    if (Kept* has = kept(feed); has != nullptr) {
        if (has->at.width == width && has->at.height == height) return spot_of(*has);
    }
    feed.drawable.reset();  // its old place may be just what the new one needs
    auto made = make_place(width, height);
    if (!made) {
        if (!full_said_)
            base::log_warning("no room on the GPU for a picture of {} x {} from {}", header.width,
                              header.height, feed.wish().source);
        full_said_ = true;
        return std::nullopt;
    }
    const Spot spot = spot_of(*made);
    feed.drawable = std::move(made);
    return spot;
}

// One layer more; all pictures are uploaded again from their slots, where they still stand.
void GlPlanes::grow() {
    if (pages_->count() <= layers_) return;
    layers_ = pages_->count();
    ++generation_;
    const int side = pages_->side();
    const int sides[] = {side, side / 2, side / 2};
    for (size_t i = 0; i < 3; ++i) planes_[i] = make_pages(sides[i], sides[i], layers_);
}

// What is on a shared page was lost when the pages grew; a page of its own is never lost.
bool GlPlanes::is_stale(const Kept& has, uint64_t version) const {
    return has.version != version || (has.pages && has.generation != generation_);
}

void GlPlanes::upload(const std::vector<Feed*>& feeds) {
    grow();
    std::vector<Feed*> stale;
    for (Feed* feed : feeds) {
        Kept* has = kept(*feed);
        if (has == nullptr || !is_stale(*has, feed->version())) continue;
        has->version = feed->version();
        has->generation = generation_;
        stale.push_back(feed);
    }
    if (stale.empty()) return;
    std::vector<uintptr_t> from;
    if (direct_) {
        for (Feed* feed : stale)
            from.push_back(reinterpret_cast<uintptr_t>(feed->picture().payload));
        return send(stale, from);
    }
    // A new store for the buffer each time: the GPU may still read the old one.
    size_t total = 0;
    for (Feed* feed : stale) total += bytes_of(feed->picture().header);
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, stream_.get());
    glBufferData(GL_PIXEL_UNPACK_BUFFER, static_cast<GLsizeiptr>(total), nullptr, GL_STREAM_DRAW);
    auto* to = static_cast<std::byte*>(
        glMapBufferRange(GL_PIXEL_UNPACK_BUFFER, 0, static_cast<GLsizeiptr>(total),
                         GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_BUFFER_BIT));
    size_t offset = 0;
    for (Feed* feed : stale) {
        const size_t bytes = bytes_of(feed->picture().header);
        if (to != nullptr) std::memcpy(to + offset, feed->picture().payload, bytes);
        from.push_back(offset);
        offset += bytes;
    }
    if (to != nullptr && glUnmapBuffer(GL_PIXEL_UNPACK_BUFFER) == GL_TRUE)
        send(stale, from);
    else
        for (Feed* feed : stale) kept(*feed)->version = 0;  // the driver lost it: again next time
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
}

// `from`: addresses, or offsets into the bound buffer, which GL takes as pointers.
void GlPlanes::send(const std::vector<Feed*>& feeds, const std::vector<uintptr_t>& from) {
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    for (GLuint i = 0; i < 3; ++i) {
        glActiveTexture(GL_TEXTURE0 + i);
        const int part = i == 0 ? 1 : 2;
        for (size_t k = 0; k < feeds.size(); ++k) {
            const Kept& has = *kept(*feeds[k]);
            const PicturePages::Place& at = has.at;
            glBindTexture(GL_TEXTURE_2D_ARRAY, (has.pages ? planes_ : has.own)[i].get());
            const Plane plane = planes_of(feeds[k]->picture().header)[i];
            glPixelStorei(GL_UNPACK_ROW_LENGTH, plane.stride);
            glTexSubImage3D(GL_TEXTURE_2D_ARRAY, 0, at.x / part, at.y / part, at.page, plane.width,
                            plane.height, 1, GL_RED, GL_UNSIGNED_BYTE,
                            reinterpret_cast<const void*>(from[k] + plane.offset));
        }
    }
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

void GlPlanes::bind_textures(const Textures* own) const {
    for (GLuint i = 0; i < 3; ++i) {
        glActiveTexture(GL_TEXTURE0 + i);
        glBindTexture(GL_TEXTURE_2D_ARRAY, (own != nullptr ? *own : planes_)[i].get());
    }
}

}  // namespace bw::compositor
