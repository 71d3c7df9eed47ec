// SPDX-License-Identifier: Apache-2.0
// The producing end. Memory orders: the word's exchange releases what was written into the slot
// that is handed over and acquires the slot that comes back, so that the consumer's last reads of
// it happen before we overwrite it.
#include <cstring>

#include "core/surface/link_internal.h"

namespace bw::surface {

base::Result<std::unique_ptr<Producer>> Producer::open(base::UniqueFd socket, base::UniqueFd arena,
                                                       base::UniqueFd page) {
    auto arena_map = base::Mapping::map(arena.get(), 0, base::Access::read_write);
    if (!arena_map) return arena_map.error();
    auto page_map = map_page(page.get());
    if (!page_map) return page_map.error();
    std::unique_ptr<Producer> producer(new Producer);
    producer->socket_ = std::move(socket);
    producer->arena_ = std::move(*arena_map);
    producer->page_ = std::move(*page_map);
    return producer;
}

base::Result<Received> Producer::receive() {
    // The caller has acted on the `release` it got last time: say so, and the consumer may use the
    // region again. What cannot be sent now is sent next time.
    const size_t released = to_confirm_.size();
    while (!to_confirm_.empty()) {
        if (!send_message(socket_.get(), Kind::released, to_confirm_.back(), 0, {})) break;
        to_confirm_.pop_back();
    }
    if (textures_ && to_confirm_.size() < released) textures_->trim();
    auto received = receive_message(socket_.get(), {Kind::configure, Kind::release, Kind::taken,
                                                    Kind::input, Kind::want, Kind::demand});
    if (received && received->header.kind == Kind::release)
        to_confirm_.push_back(received->header.surface);
    return received;
}

void Producer::defer(uint32_t surface) {
    std::erase(to_confirm_, surface);
}

base::Status Producer::send(Kind kind, uint32_t surface, int64_t value, std::string_view body) {
    return send_message(socket_.get(), kind, surface, value, body);
}

base::Result<Producer::Writer> Producer::Writer::make(Producer& producer, uint32_t surface,
                                                      const Configure& configure) {
    if (surface >= kMaxSurfaces) return base::Error{"invalid", "surface number out of range"};
    const auto end = producer.slots_end(configure.texture_pages);
    if (!end) return end.error();
    const uint64_t arena = *end;
    if (configure.offset % kSlotAlign != 0 || configure.capacity % kSlotAlign != 0)
        return base::Error{"invalid", "a region is not aligned"};
    if (configure.capacity <= kPayloadOffset || configure.capacity > arena / kSlots)
        return base::Error{"invalid", "a slot's capacity does not fit the arena"};
    if (configure.offset > arena - kSlots * configure.capacity)
        return base::Error{"invalid", "a region lies outside the arena"};
    Writer writer;
    writer.region_ = producer.arena_.data() + configure.offset;
    writer.block_ = &page_of(producer.page_).blocks[surface];
    writer.capacity_ = configure.capacity;
    writer.configure_ = configure;
    writer.textures_ = producer.textures_.get();
    return writer;
}

base::Result<uint64_t> Producer::slots_end(uint32_t texture_pages) {
    const uint64_t arena = arena_.size(), bytes = kSlotAlign * texture_pages;
    if (bytes >= arena) return base::Error{"invalid", "a texture heap does not fit the arena"};
    const bool fits = !textures_ || textures_->size() == bytes;
    if (!fits) return base::Error{"invalid", "a texture heap of another size than before"};
    if (bytes != 0 && !textures_)
        textures_ = std::make_unique<TextureHeap>(
            std::span<std::byte>(arena_.data() + (arena - bytes), bytes));
    return arena - bytes;
}

bool Producer::Writer::taken() const {
    return (block_->word.load(std::memory_order_acquire) & kFresh) == 0;
}

bool Producer::Writer::taken_or_awaited() const {
    if (taken()) return true;
    // One operation with the look: a take either comes before it and is seen, or sees the wish.
    return (block_->word.fetch_or(kAwaited, std::memory_order_acq_rel) & kFresh) == 0;
}

std::byte* Producer::Writer::payload() const {
    return region_ + own_ * capacity_ + kPayloadOffset;
}

void Producer::Writer::publish(SlotHeader header) {
    header.magic = kSlotMagic;
    header.generation = configure_.generation;
    header.number = ++number_;
    std::memcpy(region_ + own_ * capacity_, &header, sizeof header);
    const uint32_t old = block_->word.exchange(own_ | kFresh, std::memory_order_acq_rel);
    const uint32_t next = old & kSlotMask;
    // A corrupt word must not lead out of the region, nor back to the slot just published.
    own_ = next < kSlots && next != own_ ? next : (own_ + 1) % kSlots;
    block_->commits.fetch_add(1, std::memory_order_release);
}

}  // namespace bw::surface
