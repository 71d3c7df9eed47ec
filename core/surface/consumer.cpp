// SPDX-License-Identifier: Apache-2.0
// The consuming end: the carver of the arena. What it remembers about regions and slots lives in
// its own memory; nothing in shared memory is believed.
#include <algorithm>
#include <cstring>

#include "core/base/packet.h"
#include "core/surface/link_internal.h"

namespace bw::surface {

namespace {

constexpr uint64_t kDrawListBytes = 1 << 20;

uint64_t align_up(uint64_t value) {
    return (value + kSlotAlign - 1) / kSlotAlign * kSlotAlign;
}

uint64_t i420_bytes(uint64_t stride, uint64_t height) {
    return stride * height + 2 * ((stride + 1) / 2) * ((height + 1) / 2);
}

uint64_t wanted_bytes(const Consumer::Wish& wish) {
    if (wish.slot_bytes != 0) return wish.slot_bytes;
    switch (wish.kind) {
        case SlotKind::rgba:
            return uint64_t{4} * wish.width * wish.height;
        case SlotKind::i420:
            return i420_bytes(wish.width, wish.height);
        default:
            return kDrawListBytes;
    }
}

base::Error bad(const char* what) {
    return {"invalid", std::string("slot header: ") + what};
}

base::Status check_pixels(const SlotHeader& header) {
    if (header.stride > 8 * kMaxSide) return bad("stride out of range");
    const uint64_t stride = header.stride;
    if (header.kind == SlotKind::rgba) {
        if (stride < uint64_t{4} * header.width || stride % 4 != 0) return bad("stride too short");
        if (stride * header.height > header.bytes) return bad("bytes too few for its rows");
        return {};
    }
    if (stride < header.width) return bad("stride too short");
    if (i420_bytes(stride, header.height) > header.bytes) return bad("bytes too few for its rows");
    return {};
}

/// `wanted`: the kind configured. A pixel surface may carry either pixel kind.
base::Status check_header(const SlotHeader& header, SlotKind wanted, uint64_t capacity) {
    if (header.magic != kSlotMagic) return bad("magic");
    if (header.bytes > capacity - kPayloadOffset) return bad("bytes beyond the slot");
    if (header.width == 0 || header.width > kMaxSide) return bad("width out of range");
    if (header.height == 0 || header.height > kMaxSide) return bad("height out of range");
    if (wanted == SlotKind::draw_list) {
        if (header.kind != SlotKind::draw_list) return bad("kind is not a draw list");
        return {};  // the rest is copy_draw_list's
    }
    if (header.kind != SlotKind::rgba && header.kind != SlotKind::i420)
        return bad("kind is not pixels");
    return check_pixels(header);
}

}  // namespace

enum class Consumer::State : uint8_t { free, used, draining };

struct Consumer::Region {
    State state = State::free;
    bool release_unsent = false;
    SlotKind kind = SlotKind::rgba;
    uint32_t own = 2;  // the slot this end holds
    uint32_t generation = 0;
    uint64_t offset = 0, capacity = 0;
};

Consumer::~Consumer() = default;

base::Result<std::unique_ptr<Consumer>> Consumer::open(base::UniqueFd socket, base::UniqueFd arena,
                                                       base::UniqueFd page,
                                                       uint64_t texture_bytes) {
    auto arena_map = base::Mapping::map(arena.get(), 0, base::Access::read_only);
    if (!arena_map) return arena_map.error();
    auto page_map = map_page(page.get());
    if (!page_map) return page_map.error();
    if (texture_bytes >= arena_map->size() || texture_bytes % kSlotAlign != 0)
        return base::Error{"invalid", "a texture heap does not fit the arena"};
    std::unique_ptr<Consumer> consumer(new Consumer);
    consumer->slots_end_ = arena_map->size() - texture_bytes;
    consumer->socket_ = std::move(socket);
    consumer->arena_fd_ = std::move(arena);
    consumer->arena_ = std::move(*arena_map);
    consumer->page_ = std::move(*page_map);
    return consumer;
}

void Consumer::restart() {
    regions_.clear();
    next_number_ = generation_ = 0;
}

base::Result<Received> Consumer::receive() {
    retry_releases();
    for (;;) {
        auto packet = base::receive_packet(socket_.get(), kMaxMessageBytes);
        if (!packet) return packet.error();
        auto received = read(packet->bytes);
        if (!received) return received.error();
        if (received->has_value()) return std::move(**received);
    }
}

base::Result<std::optional<Received>> Consumer::read(std::span<const std::byte> packet) {
    auto received = read_message(
        packet, {Kind::commit, Kind::refuse, Kind::view, Kind::notice, Kind::released});
    if (!received) return received.error();
    if (received->header.kind == Kind::view && received->body.size() > kMaxViewBytes)
        return base::Error{"invalid", "a view record of more than 4 KiB"};
    if (received->header.kind != Kind::released) return std::optional(std::move(*received));
    finish_release(received->header.surface);
    return std::optional<Received>{};
}

base::Status Consumer::send(Kind kind, uint32_t surface, int64_t value, std::string_view body) {
    return send_message(socket_.get(), kind, surface, value, body);
}

Consumer::State Consumer::state_of(uint32_t surface) const {
    return surface < regions_.size() ? regions_[surface].state : State::free;
}

/// First fit; nothing if no gap is long enough.
std::optional<uint64_t> Consumer::carve(uint64_t length) const {
    std::vector<std::pair<uint64_t, uint64_t>> taken;  // offset, length
    for (const Region& region : regions_)
        if (region.state != State::free)
            taken.emplace_back(region.offset, kSlots * region.capacity);
    std::sort(taken.begin(), taken.end());
    uint64_t at = 0;
    for (const auto& [offset, size] : taken) {
        if (offset - at >= length) return at;
        at = offset + size;
    }
    if (slots_end_ - at >= length) return at;
    return std::nullopt;
}

/// A free number, the one longest unused: a late message about a released surface then rarely
/// meets a successor.
std::optional<uint32_t> Consumer::free_number() const {
    for (uint32_t i = 0; i < kMaxSurfaces; ++i) {
        const uint32_t number = (next_number_ + i) % kMaxSurfaces;
        if (state_of(number) == State::free) return number;
    }
    return std::nullopt;
}

base::Result<uint32_t> Consumer::configure(const Wish& wish) {
    if (wish.width == 0 || wish.height == 0 || wish.width > kMaxSide || wish.height > kMaxSide)
        return base::Error{"invalid", "a surface's size is out of range"};
    const uint64_t bytes = wanted_bytes(wish);
    const auto number = free_number();
    if (!number) return base::Error{"full", "every surface number of the link is in use"};
    if (bytes > slots_end_) return base::Error{"full", "the picture is larger than the arena"};
    const uint64_t capacity = align_up(kPayloadOffset + bytes);
    const auto offset = carve(kSlots * capacity);
    if (!offset) return base::Error{"full", "no room is left in the arena"};

    Block& block = page_of(page_).blocks[*number];
    const uint32_t generation = ++generation_;
    block.as_of_ns.store(0, std::memory_order_relaxed);
    block.next_draw_ns.store(0, std::memory_order_relaxed);
    block.commits.store(0, std::memory_order_relaxed);
    block.source_state.store(0, std::memory_order_relaxed);
    block.reason.store(0, std::memory_order_relaxed);
    block.next_try_ns.store(0, std::memory_order_relaxed);
    block.beat_ns.store(0, std::memory_order_relaxed);
    block.generation.store(generation, std::memory_order_relaxed);
    // Last, and releasing; the socket orders it before the producer's first look anyway.
    block.word.store(1, std::memory_order_release);

    const auto texture_pages = static_cast<uint32_t>((arena_.size() - slots_end_) / kSlotAlign);
    const Configure configure{*offset,    capacity,   wish.width, wish.height,
                              wish.scale, generation, wish.kind,  texture_pages};
    std::string body(reinterpret_cast<const char*>(&configure), sizeof configure);
    body += wish.json;
    auto sent = send(Kind::configure, *number, 0, body);
    if (!sent) return sent.error();
    if (*number >= regions_.size()) regions_.resize(*number + 1);
    Region& region = regions_[*number];
    region = Region{};
    region.state = State::used;
    region.kind = wish.kind;
    region.generation = generation;
    region.offset = *offset;
    region.capacity = capacity;
    next_number_ = *number + 1;
    return *number;
}

void Consumer::punch(const Region& region) {
    // Failure leaves memory in use, which the system's own accounting shows; nothing else depends
    // on it.
    (void)base::punch_hole(arena_fd_.get(), region.offset, kSlots * region.capacity);
}

void Consumer::release(uint32_t surface) {
    if (state_of(surface) != State::used) return;
    Region& region = regions_[surface];
    region.state = State::draining;
    region.release_unsent = !send(Kind::release, surface).ok();
    punch(region);
}

void Consumer::retry_releases() {
    for (uint32_t i = 0; i < regions_.size(); ++i) {
        Region& region = regions_[i];
        if (region.state == State::draining && region.release_unsent)
            region.release_unsent = !send(Kind::release, i).ok();
    }
}

/// The producer has let go: a second punch, for what it wrote after the first; then the number and
/// the region may be used again. A word nobody asked for is ignored.
void Consumer::finish_release(uint32_t surface) {
    if (state_of(surface) != State::draining) return;
    Region& region = regions_[surface];
    if (region.release_unsent) return;
    punch(region);
    region = Region{};
}

base::Result<std::optional<Picture>> Consumer::take(uint32_t surface) {
    if (state_of(surface) != State::used) return base::Error{"not_found", "no such surface"};
    Region& region = regions_[surface];
    std::atomic<uint32_t>& word = page_of(page_).blocks[surface].word;
    if ((word.load(std::memory_order_relaxed) & kFresh) == 0) return std::optional<Picture>{};
    // Releases our reads of the slot given back, acquires the producer's writes of the one taken.
    const uint32_t was = word.exchange(region.own, std::memory_order_acq_rel);
    const uint32_t index = was & kSlotMask;
    if (index >= kSlots || index == region.own) return bad("the word names a slot it cannot");
    region.own = index;
    Picture picture;
    picture.awaited = (was & kAwaited) != 0;
    const std::byte* slot = arena_.data() + region.offset + index * region.capacity;
    std::memcpy(&picture.header, slot, sizeof(SlotHeader));
    end_of_copy();
    auto checked = check_header(picture.header, region.kind, region.capacity);
    if (!checked) return checked.error();
    if (picture.header.generation != region.generation) return bad("generation");
    picture.payload = slot + kPayloadOffset;
    picture.textures = {arena_.data() + slots_end_, arena_.size() - slots_end_};
    return std::optional<Picture>(picture);
}

const Block& Consumer::block(uint32_t surface) const {
    return page_of(page_).blocks[surface % kMaxSurfaces];
}

}  // namespace bw::surface
