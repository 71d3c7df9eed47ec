// SPDX-License-Identifier: Apache-2.0
// A hostile producer from the consumer's view: packets on its socket and writes into the shared
// memory, in any order, with takes and releases between. Input: records of {u8 what, u8 surface,
// u16 length, bytes}.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "core/surface/link.h"

using namespace bw;
using namespace bw::surface;

namespace {

constexpr uint64_t kArena = 1 << 20, kHeap = 256 << 10;

struct Rig {
    std::unique_ptr<Consumer> consumer;
    base::UniqueFd socket;
    base::Mapping arena, page;
};

Rig make_rig() {
    auto fds = make_link(kArena);
    if (!fds) std::abort();
    Rig rig;
    rig.arena = std::move(*base::Mapping::map(fds->arena.get(), 0, base::Access::read_write));
    rig.page = std::move(*base::Mapping::map(fds->page.get(), 0, base::Access::read_write));
    rig.socket = std::move(fds->producer_socket);
    rig.consumer = std::move(*Consumer::open(std::move(fds->consumer_socket), std::move(fds->arena),
                                             std::move(fds->page), kHeap));
    (void)rig.consumer->configure({64, 64, 1, SlotKind::draw_list, 8192, "{}"});
    (void)rig.consumer->configure({64, 64, 1, SlotKind::rgba, 0, "{}"});
    return rig;
}

void read_picture(const Picture& picture) {
    if (picture.header.kind == SlotKind::draw_list) {
        auto list = copy_draw_list(picture);
        if (!list) return;
        for (const Texture& t : list->textures) {
            volatile std::byte last = t.pixels[uint64_t{4} * t.width * t.height - 1];
            (void)last;
        }
        return;
    }
    // Every byte that the header promises must be readable.
    volatile std::byte sink = picture.payload[0];
    sink = picture.payload[picture.header.bytes - 1];
    (void)sink;
}

void step(Rig& rig, uint8_t what, uint32_t surface, const uint8_t* data, size_t size) {
    switch (what % 5) {
        case 0:
            (void)send(rig.socket.get(), data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
            (void)rig.consumer->receive();
            return;
        case 1: {
            if (size < 4) return;
            uint32_t offset = 0;
            std::memcpy(&offset, data, sizeof offset);
            offset %= kArena;
            std::memcpy(rig.arena.data() + offset, data + 4,
                        std::min<size_t>(size - 4, kArena - offset));
            return;
        }
        case 2: {
            const uint64_t offset = 64 + uint64_t{surface % kMaxSurfaces} * sizeof(Block);
            std::memcpy(rig.page.data() + offset, data, std::min(size, sizeof(Block)));
            return;
        }
        case 3: {
            auto picture = rig.consumer->take(surface);
            if (picture && picture->has_value()) read_picture(**picture);
            return;
        }
        default:
            rig.consumer->release(surface);
            (void)rig.consumer->configure({64, 64, 1, SlotKind::draw_list, 8192, "{}"});
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    Rig rig = make_rig();
    size_t at = 0;
    while (at + 4 <= size) {
        uint16_t length = 0;
        std::memcpy(&length, data + at + 2, sizeof length);
        const size_t take = std::min<size_t>(length, size - at - 4);
        step(rig, data[at], data[at + 1], data + at + 4, take);
        at += 4 + take;
    }
    return 0;
}
