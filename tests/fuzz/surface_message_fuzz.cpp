// SPDX-License-Identifier: Apache-2.0
// A hostile producer from the consumer's view: packets on its socket and writes into the shared
// memory, in any order, with takes and releases between. Input: records of {u8 what, u8 surface,
// u16 length, bytes}.
//
// Making a link costs far more than an input does, so one link serves them all, and nothing of an
// input may reach the next, or a finding could not be repeated from its file. What an input can
// change, and how that is undone:
//  - the consumer's own memory: Consumer::restart();
//  - the control page: written back whole;
//  - the arena: only this file writes it; the pages written are remembered and cleared;
//  - the socket: both ends are read empty.
// Every kAuditEach-th input looks whether all that held, and aborts if not.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "core/surface/link.h"

using namespace bw;
using namespace bw::surface;

namespace {

// Room for the two surfaces of the beginning and four more, so that a full arena is near.
constexpr uint64_t kArena = 256 << 10, kHeap = 64 << 10;  // the heap of textures is its end
constexpr uint64_t kPage = 4096;
static_assert(kArena / kPage == 64);
constexpr uint64_t kAuditEach = 4096;
// Of the consumer's messages: a dozen, so that a producer that never reads is near, too.
constexpr int kSocketBytes = 6000;
// Packets of surfaces from here on travel over the socket; the others are handed to the parser in
// blocks of just their size, which is cheaper and shows a read beyond their end.
constexpr uint32_t kOverSocket = 0xf0;
// A packet of this surface stands for the producer reading what was sent to it.
constexpr uint32_t kReads = 0xef;

void require(bool promise) {
    if (!promise) std::abort();
}

/// Takes what waits on a socket, unread.
void drain(int socket) {
    constexpr unsigned kBatch = 64;
    mmsghdr packets[kBatch] = {};
    while (recvmmsg(socket, packets, kBatch, MSG_DONTWAIT | MSG_TRUNC, nullptr) ==
           static_cast<int>(kBatch)) {
    }
}

class Rig {
  public:
    Rig();
    void begin();
    void step(uint8_t what, uint32_t surface, const uint8_t* data, size_t size);
    void end();
    int punch(int fd, int64_t offset, int64_t length);

  private:
    void packet(uint32_t surface, const uint8_t* data, size_t size);
    void write_arena(const uint8_t* data, size_t size);
    void take(uint32_t surface);
    void audit();
    void clear(uint64_t pages);

    base::UniqueFd socket_;
    int consumer_socket_ = -1, arena_fd_ = -1;  // both are the consumer's
    base::Mapping arena_, page_;
    std::unique_ptr<Consumer> consumer_;
    uint64_t written_ = 0;  // a bit per page of the arena
    std::byte pristine_[sizeof(ControlPage)];
    uint64_t inputs_ = 0, punched_ = 0;
};

Rig& rig() {
    static Rig the_rig;
    return the_rig;
}

Rig::Rig() {
    auto fds = make_link(kArena);
    require(fds.ok());
    arena_ = std::move(*base::Mapping::map(fds->arena.get(), 0, base::Access::read_write));
    page_ = std::move(*base::Mapping::map(fds->page.get(), 0, base::Access::read_write));
    require(page_.size() == sizeof(ControlPage));
    std::memcpy(pristine_, page_.data(), sizeof pristine_);
    socket_ = std::move(fds->producer_socket);
    consumer_socket_ = fds->consumer_socket.get();
    arena_fd_ = fds->arena.get();
    require(setsockopt(consumer_socket_, SOL_SOCKET, SO_SNDBUF, &kSocketBytes,
                       sizeof kSocketBytes) == 0);
    consumer_ = std::move(*Consumer::open(std::move(fds->consumer_socket), std::move(fds->arena),
                                          std::move(fds->page), kHeap));
}

void Rig::begin() {
    if (inputs_++ % kAuditEach == 0) audit();
    (void)consumer_->configure({64, 64, 1, SlotKind::draw_list, 8192, "{}"});
    (void)consumer_->configure({64, 64, 1, SlotKind::rgba, 0, "{}"});
}

void Rig::end() {
    consumer_->restart();
    drain(socket_.get());
    drain(consumer_socket_);
    std::memcpy(page_.data(), pristine_, sizeof pristine_);
    clear(~uint64_t{0});
}

/// Bits [first, end).
uint64_t pages(uint64_t first, uint64_t end) {
    return (~uint64_t{0} >> (64 - (end - first))) << first;
}

/// Zeroes those of the pages that were written.
void Rig::clear(uint64_t pages) {
    for (uint64_t left = written_ & pages; left != 0; left &= left - 1)
        std::memset(arena_.data() + static_cast<uint64_t>(std::countr_zero(left)) * kPage, 0,
                    kPage);
    written_ &= ~pages;
}

void Rig::audit() {
    require(std::all_of(arena_.data(), arena_.data() + kArena,
                        [](std::byte b) { return b == std::byte{0}; }));
    require(std::memcmp(page_.data(), pristine_, sizeof pristine_) == 0);
    char byte = 0;
    require(recv(socket_.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0);
    require(recv(consumer_socket_, &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0);
    const uint64_t before = punched_;  // the fallocate below is the one that the consumer calls
    consumer_->release(*consumer_->configure({64, 64, 1, SlotKind::rgba, 0, "{}"}));
    require(punched_ == before + 1);
    end();
}

int Rig::punch(int fd, int64_t offset, int64_t length) {
    require(fd == arena_fd_);
    require(offset >= 0 && length > 0 && offset + length <= static_cast<int64_t>(kArena - kHeap));
    require(offset % kPage == 0 && length % kPage == 0);
    ++punched_;
    clear(pages(static_cast<uint64_t>(offset) / kPage,
                static_cast<uint64_t>(offset + length) / kPage));
    return 0;
}

void Rig::packet(uint32_t surface, const uint8_t* data, size_t size) {
    if (surface >= kOverSocket) {
        (void)send(socket_.get(), data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        (void)consumer_->receive();
        return;
    }
    if (surface == kReads) return drain(socket_.get());
    const std::vector<uint8_t> exact(data, data + size);
    (void)consumer_->read(std::as_bytes(std::span(exact)));
}

void Rig::write_arena(const uint8_t* data, size_t size) {
    uint32_t offset = 0;
    if (size < sizeof offset) return;
    std::memcpy(&offset, data, sizeof offset);
    offset %= kArena;
    const size_t length = std::min<size_t>(size - sizeof offset, kArena - offset);
    if (length == 0) return;
    std::memcpy(arena_.data() + offset, data + sizeof offset, length);
    written_ |= pages(offset / kPage, (offset + length - 1) / kPage + 1);
}

void Rig::take(uint32_t surface) {
    auto picture = consumer_->take(surface);
    if (!picture || !picture->has_value()) return;
    const Picture& got = **picture;
    if (got.header.kind == SlotKind::draw_list) {
        const auto list = copy_draw_list(got);
        if (!list) return;
        for (const Texture& t : list->textures) {
            volatile std::byte last = t.pixels[uint64_t{4} * t.width * t.height - 1];
            (void)last;
        }
        return;
    }
    // Every byte that the header promises must be readable.
    volatile std::byte sink = got.payload[0];
    sink = got.payload[got.header.bytes - 1];
    (void)sink;
}

void Rig::step(uint8_t what, uint32_t surface, const uint8_t* data, size_t size) {
    switch (what % 5) {
        case 0:
            return packet(surface, data, size);
        case 1:
            return write_arena(data, size);
        case 2: {
            const uint64_t offset = 64 + uint64_t{surface % kMaxSurfaces} * sizeof(Block);
            std::memcpy(page_.data() + offset, data, std::min(size, sizeof(Block)));
            return;
        }
        case 3:
            return take(surface);
        default:
            consumer_->release(surface);
            (void)consumer_->configure({64, 64, 1, SlotKind::draw_list, 8192, "{}"});
    }
}

}  // namespace

/// Short stacks of allocations, and 32 MiB of freed memory that is watched: some hundred inputs.
/// ASAN_OPTIONS overrides both, for a second look at a finding.
extern "C" const char* __asan_default_options() {
    return "malloc_context_size=4:quarantine_size_mb=32";
}

/// The system's takes place in the kernel's page tables, which costs more than all else here; this
/// one zeroes the same bytes, and checks which ones the consumer gives back.
extern "C" int fallocate(int fd, int mode, off_t offset, off_t length) {
    require(mode == (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE));
    return rig().punch(fd, offset, length);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    rig().begin();
    size_t at = 0;
    while (at + 4 <= size) {
        uint16_t length = 0;
        std::memcpy(&length, data + at + 2, sizeof length);
        const size_t take = std::min<size_t>(length, size - at - 4);
        rig().step(data[at], data[at + 1], data + at + 4, take);
        at += 4 + take;
    }
    rig().end();
    return 0;
}
