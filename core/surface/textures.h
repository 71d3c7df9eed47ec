// SPDX-License-Identifier: Apache-2.0
// The producing end of a panel's own textures. Their pixels lie in a heap behind the slots, once
// for all pictures that show them: a slot names blocks of it, and a block is written again only
// when no slot that the consumer may hold names it. One thread, the link's; nothing here outlives
// the Producer.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/surface/layout.h"

namespace bw::surface {

/// The heap of one link: which parts of it are in use. Knows nothing of pixels.
class TextureHeap {
  public:
    explicit TextureHeap(std::span<std::byte> memory) : memory_(memory) {}
    TextureHeap(const TextureHeap&) = delete;
    TextureHeap& operator=(const TextureHeap&) = delete;

    /// A part of it, whole pages, in use for as long as this object lives.
    class Block {
      public:
        Block(TextureHeap& heap, uint64_t offset) : heap_(heap), offset_(offset) {}
        ~Block() { heap_.used_.erase(offset_); }
        Block(const Block&) = delete;
        Block& operator=(const Block&) = delete;
        [[nodiscard]] std::byte* data() const { return heap_.memory_.data() + offset_; }
        [[nodiscard]] uint64_t offset() const { return offset_; }

      private:
        TextureHeap& heap_;
        uint64_t offset_;
    };
    /// The first gap that is long enough; null: none is. Its bytes are what was left there.
    std::shared_ptr<Block> take(uint64_t bytes);
    /// Gives what no block holds back to the system.
    void trim();

    /// Counts what all surfaces' textures may hold; false: that would be more than a link may.
    [[nodiscard]] bool promise(uint64_t bytes);
    [[nodiscard]] uint64_t size() const { return memory_.size(); }
    void forget(uint64_t bytes) { promised_ -= bytes; }

  private:
    std::span<std::byte> memory_;
    std::map<uint64_t, uint64_t> used_;  // offset, length
    uint64_t touched_ = 0;               // beyond this nothing was ever used since the last trim()
    uint64_t promised_ = 0;
};

/// A rectangle of a texture and the pixels for it.
struct TexturePart {
    const void* rgba = nullptr;
    uint64_t stride = 0;  // bytes from row to row
    uint32_t x = 0, y = 0, width = 0, height = 0;
};

/// The textures of one surface.
class Textures {
  public:
    /// `heap` null: the link has none, and every create() is refused.
    explicit Textures(TextureHeap* heap) : heap_(heap) {}
    /// Their memory goes back to the system when the consumer has released the surface, which may
    /// show them longer than this end lives (Producer::receive).
    ~Textures();
    Textures(const Textures&) = delete;
    Textures& operator=(const Textures&) = delete;

    /// A new texture, transparent; its id is used for no other of this surface. Errors say which
    /// limit it would break: "invalid" (its sides), "full".
    base::Result<uint32_t> create(uint32_t width, uint32_t height);
    /// "not_found", "invalid" (outside the texture, no pixels), "full" (no room for a version
    /// beside those that are shown). After an error the texture is as it was.
    base::Status write(uint32_t id, const TexturePart& part);
    /// False: there is no such texture.
    bool destroy(uint32_t id);

    [[nodiscard]] std::vector<TextureRecord> records() const;
    /// The picture just published in `slot` shows what records() said; `own` is the slot that the
    /// producer got for it, which nobody reads any more.
    void published(uint32_t slot, uint32_t own);

  private:
    using BlockPtr = std::shared_ptr<TextureHeap::Block>;
    struct Texture {
        TextureRecord record{};  // its offset: see block
        BlockPtr block;
        [[nodiscard]] uint64_t bytes() const { return uint64_t{4} * record.width * record.height; }
        [[nodiscard]] uint64_t row() const { return uint64_t{4} * record.width; }
    };
    base::Status may_be(uint32_t width, uint32_t height) const;
    base::Status own_block(Texture& texture, bool whole);

    TextureHeap* heap_;
    std::map<uint32_t, Texture> textures_;            // by id
    std::array<std::vector<BlockPtr>, kSlots> held_;  // by slot: what its picture names
    uint64_t bytes_ = 0;
    uint64_t versions_ = 0;
    uint32_t last_id_ = 0;
    uint32_t trims_ = 0;  // so many pictures yet may show what is gone
};

}  // namespace bw::surface
