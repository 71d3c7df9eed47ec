// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/links.h"

#include <fcntl.h>

#include <cstring>

#include "core/base/log.h"
#include "core/base/packet.h"
#include "core/base/shm.h"
#include "core/supervisor/link_sizes.h"

namespace bw::supervisor {
namespace {

struct Fds {
    base::UniqueFd producer, consumer, arena, page;
};

base::Result<Fds> make_fds(uint64_t arena_bytes) {
    auto sockets = base::packet_pair();
    if (!sockets) return sockets.error();
    auto arena = base::make_sealed_memfd("bw-arena", arena_bytes);
    if (!arena) return arena.error();
    auto page = base::make_sealed_memfd("bw-page", kControlPageBytes);
    if (!page) return page.error();
    auto map = base::Mapping::map(page->get(), 0, base::Access::read_write);
    if (!map) return map.error();
    const PageHead head;
    std::memcpy(map->data(), &head, sizeof head);
    return Fds{std::move(sockets->first), std::move(sockets->second), std::move(*arena),
               std::move(*page)};
}

/// 0: `producer` makes no pictures for `consumer`.
uint64_t arena_bytes(const Process& producer, const Process& consumer) {
    if (consumer.role == Role::compositor && producer.role == Role::panel) return kPanelArenaBytes;
    if (consumer.role == Role::compositor && producer.role == Role::media) return kMediaArenaBytes;
    if (consumer.role == Role::console && producer.role == Role::compositor)
        return kMirrorArenaBytes;
    return 0;
}

control::Message link_message(const Process& other, control::Direction direction, uint64_t bytes,
                              uint64_t incarnation) {
    control::Message message;
    message.kind = control::Kind::link;
    message.set_name(other.peer_name());
    message.value = {static_cast<int64_t>(direction), static_cast<int64_t>(bytes), 0, 0};
    message.incarnation = incarnation;
    return message;
}

std::vector<base::UniqueFd> three(base::UniqueFd socket, const Fds& fds) {
    std::vector<base::UniqueFd> list;
    list.push_back(std::move(socket));
    // Copies: both ends get the same memory, each queue owns what it still has to send.
    list.emplace_back(fcntl(fds.arena.get(), F_DUPFD_CLOEXEC, 0));
    list.emplace_back(fcntl(fds.page.get(), F_DUPFD_CLOEXEC, 0));
    return list;
}

void join(Process& producer, Process& consumer, const Refused& refused) {
    const uint64_t bytes = arena_bytes(producer, consumer);
    auto fds = make_fds(bytes);
    if (!fds) {
        base::log_error("no link from {} to {}: {}", producer.row_name(), consumer.row_name(),
                        fds.error().text);
        return;
    }
    const uint64_t incarnation = producer.incarnation;
    if (!post(consumer, link_message(producer, control::Direction::consume, bytes, incarnation),
              three(std::move(fds->consumer), *fds)))
        refused(consumer);
    if (!post(producer, link_message(consumer, control::Direction::produce, bytes, incarnation),
              three(std::move(fds->producer), *fds)))
        refused(producer);
}

/// With the verdict: a compositor shows an error card for what will not come back by itself.
void tell_gone(const Process& gone, Process& other, const Refused& refused) {
    if (arena_bytes(gone, other) == 0 && arena_bytes(other, gone) == 0) return;
    control::Message message;
    message.kind = control::Kind::unlink;
    message.set_name(gone.peer_name());
    message.incarnation = gone.incarnation;
    message.value[0] = static_cast<int64_t>(gone.state);
    if (!post(other, message)) refused(other);
}

}  // namespace

void unlink(const Processes& processes, const Process& gone, const Refused& refused) {
    for (const auto& other : processes)
        if (other->alive() && other.get() != &gone) tell_gone(gone, *other, refused);
}

void link_up(const Processes& processes, Process& started, const Refused& refused) {
    for (const auto& other : processes) {
        if (other.get() == &started) continue;
        if (other->state == control::RoleState::quarantined) tell_gone(*other, started, refused);
        if (!other->alive()) continue;
        if (arena_bytes(started, *other) != 0) join(started, *other, refused);
        if (arena_bytes(*other, started) != 0) join(*other, started, refused);
    }
}

}  // namespace bw::supervisor
