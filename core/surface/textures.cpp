// SPDX-License-Identifier: Apache-2.0
#include "core/surface/textures.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace bw::surface {

using base::Error;
using base::Status;

namespace {

constexpr uint64_t kMiB = 1 << 20;

uint64_t whole_pages(uint64_t bytes) {
    return (bytes + kSlotAlign - 1) / kSlotAlign * kSlotAlign;
}

std::string size_text(uint32_t width, uint32_t height) {
    return std::to_string(width) + " x " + std::to_string(height);
}

Error unknown(uint32_t id) {
    return {"not_found", "there is no texture " + std::to_string(id) + " of this panel"};
}

Status check_part(const TexturePart& part, const TextureRecord& texture) {
    if (part.rgba == nullptr) return Error{"invalid", "no pixels were given"};
    if (part.width == 0 || part.height == 0) return Error{"invalid", "a rectangle of no size"};
    if (uint64_t{part.x} + part.width > texture.width ||
        uint64_t{part.y} + part.height > texture.height)
        return Error{"invalid", "the rectangle " + size_text(part.width, part.height) + " at " +
                                    std::to_string(part.x) + ", " + std::to_string(part.y) +
                                    " reaches out of the texture, which is " +
                                    size_text(texture.width, texture.height)};
    if (part.stride < uint64_t{4} * part.width)
        return Error{"invalid", "a stride of " + std::to_string(part.stride) +
                                    " bytes is shorter than a row, four bytes a pixel"};
    return {};
}

}  // namespace

std::shared_ptr<TextureHeap::Block> TextureHeap::take(uint64_t bytes) {
    const uint64_t length = whole_pages(bytes);
    uint64_t at = 0;
    for (const auto& [offset, size] : used_) {
        if (offset - at >= length) break;
        at = offset + size;
    }
    if (memory_.size() - at < length) return nullptr;
    used_.emplace(at, length);
    touched_ = std::max(touched_, at + length);
    return std::make_shared<Block>(*this, at);
}

void TextureHeap::trim() {
    uint64_t at = 0;
    const auto give_back = [this](uint64_t from, uint64_t to) {
        // Failure leaves memory in use, which the system's own accounting shows.
        if (from < to) (void)madvise(memory_.data() + from, to - from, MADV_REMOVE);
    };
    for (const auto& [offset, size] : used_) {
        give_back(at, offset);
        at = offset + size;
    }
    give_back(at, touched_);
    touched_ = at;
}

bool TextureHeap::promise(uint64_t bytes) {
    if (promised_ + bytes > kMaxLinkTextureBytes) return false;
    promised_ += bytes;
    return true;
}

Textures::~Textures() {
    if (heap_ != nullptr) heap_->forget(bytes_);
}

Status Textures::may_be(uint32_t width, uint32_t height) const {
    if (heap_ == nullptr) return Error{"full", "there is no room for textures here"};
    if (width == 0 || height == 0 || width > kMaxTextureSide || height > kMaxTextureSide)
        return Error{"invalid", "a texture of " + size_text(width, height) +
                                    ": its sides may be 1 to " + std::to_string(kMaxTextureSide) +
                                    " pixels"};
    if (textures_.size() >= kMaxTextures)
        return Error{"full", "a panel may have " + std::to_string(kMaxTextures) +
                                 " textures and has them: destroy one"};
    if (bytes_ + uint64_t{4} * width * height > kMaxTextureBytes)
        return Error{"full", "a texture of " + size_text(width, height) + " beside " +
                                 std::to_string(bytes_ / 1024) +
                                 " KiB of others: a panel may have " +
                                 std::to_string(kMaxTextureBytes / kMiB) + " MiB"};
    return {};
}

base::Result<uint32_t> Textures::create(uint32_t width, uint32_t height) {
    if (auto allowed = may_be(width, height); !allowed) return allowed.error();
    Texture texture;
    texture.record.width = width;
    texture.record.height = height;
    if (!heap_->promise(texture.bytes()))
        return Error{"full", "the textures of all this plugin's panels would be more than " +
                                 std::to_string(kMaxLinkTextureBytes / kMiB) + " MiB"};
    texture.block = heap_->take(texture.bytes());
    if (!texture.block) {
        heap_->forget(texture.bytes());
        return Error{"full", "no room is left for a texture of " + size_text(width, height)};
    }
    std::memset(texture.block->data(), 0, texture.bytes());
    bytes_ += texture.bytes();
    texture.record.id = ++last_id_;
    texture.record.version = ++versions_;
    textures_.emplace(last_id_, std::move(texture));
    return last_id_;
}

/// Sees to it that no picture shows the texture's block. `whole`: its pixels need not be kept.
Status Textures::own_block(Texture& texture, bool whole) {
    if (texture.block.use_count() == 1) return {};
    BlockPtr fresh = heap_->take(texture.bytes());
    if (!fresh)
        return Error{"full", "no room is left for another version of texture " +
                                 std::to_string(texture.record.id)};
    if (!whole) std::memcpy(fresh->data(), texture.block->data(), texture.bytes());
    texture.block = std::move(fresh);
    return {};
}

Status Textures::write(uint32_t id, const TexturePart& part) {
    const auto found = textures_.find(id);
    if (found == textures_.end()) return unknown(id);
    Texture& texture = found->second;
    if (auto good = check_part(part, texture.record); !good) return good;
    const uint64_t row = uint64_t{4} * part.width;
    const bool whole = row * part.height == texture.bytes();
    if (auto owned = own_block(texture, whole); !owned) return owned;
    const auto* from = static_cast<const std::byte*>(part.rgba);
    std::byte* to = texture.block->data() + part.y * texture.row() + uint64_t{4} * part.x;
    for (uint32_t y = 0; y < part.height; ++y)
        std::memcpy(to + y * texture.row(), from + y * part.stride, row);
    texture.record.version = ++versions_;
    return {};
}

bool Textures::destroy(uint32_t id) {
    const auto found = textures_.find(id);
    if (found == textures_.end()) return false;
    bytes_ -= found->second.bytes();
    heap_->forget(found->second.bytes());
    textures_.erase(found);
    trims_ = kSlots;
    return true;
}

std::vector<TextureRecord> Textures::records() const {
    std::vector<TextureRecord> out;
    for (const auto& [id, texture] : textures_) {
        out.push_back(texture.record);
        out.back().offset = texture.block->offset();
    }
    return out;
}

void Textures::published(uint32_t slot, uint32_t own) {
    held_[slot].clear();
    for (const auto& [id, texture] : textures_) held_[slot].push_back(texture.block);
    held_[own].clear();
    if (trims_ == 0) return;
    --trims_;
    heap_->trim();
}

}  // namespace bw::surface
