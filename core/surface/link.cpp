// SPDX-License-Identifier: Apache-2.0
#include "core/surface/link.h"

#include <algorithm>
#include <cstring>

#include "core/base/packet.h"
#include "core/surface/link_internal.h"

namespace bw::surface {

base::Result<LinkFds> make_link(uint64_t arena_bytes) {
    auto pair = base::packet_pair();
    if (!pair) return pair.error();
    auto arena = base::make_sealed_memfd("bw-arena", arena_bytes);
    if (!arena) return arena.error();
    auto page = base::make_sealed_memfd("bw-page", sizeof(ControlPage));
    if (!page) return page.error();
    auto mapping = base::Mapping::map(page->get(), sizeof(ControlPage), base::Access::read_write);
    if (!mapping) return mapping.error();
    page_of(*mapping).magic = kControlMagic;
    page_of(*mapping).version = 1;
    LinkFds fds;
    fds.producer_socket = std::move(pair->first);
    fds.consumer_socket = std::move(pair->second);
    fds.arena = std::move(*arena);
    fds.page = std::move(*page);
    return fds;
}

base::Result<base::Mapping> map_page(int fd) {
    auto mapping = base::Mapping::map(fd, sizeof(ControlPage), base::Access::read_write);
    if (!mapping) return mapping;
    if (page_of(*mapping).magic != kControlMagic || page_of(*mapping).version != 1)
        return base::Error{"invalid", "the control page is not one of ours"};
    return mapping;
}

base::Status send_message(int socket, Kind kind, uint32_t surface, int64_t value,
                          std::string_view body) {
    if (body.size() > kMaxMessageBytes - sizeof(MessageHeader))
        return base::Error{"invalid", "the message's body is too long"};
    MessageHeader header;
    header.kind = kind;
    header.surface = surface;
    header.length = static_cast<uint32_t>(body.size());
    header.value = value;
    std::vector<std::byte> bytes(sizeof header + body.size());
    std::memcpy(bytes.data(), &header, sizeof header);
    if (!body.empty()) std::memcpy(bytes.data() + sizeof header, body.data(), body.size());
    return base::send_packet(socket, bytes);
}

base::Result<Received> read_message(std::span<const std::byte> packet,
                                    std::initializer_list<Kind> allowed) {
    Received received;
    const MessageHeader expected;
    if (packet.size() < sizeof(MessageHeader))
        return base::Error{"invalid", "a message is shorter than its header"};
    std::memcpy(&received.header, packet.data(), sizeof(MessageHeader));
    const MessageHeader& header = received.header;
    if (header.magic != expected.magic) return base::Error{"invalid", "a message lacks its magic"};
    if (header.length != packet.size() - sizeof(MessageHeader))
        return base::Error{"invalid", "a message's length is not that of its body"};
    if (std::find(allowed.begin(), allowed.end(), header.kind) == allowed.end())
        return base::Error{"invalid", "a message of a kind that this end must not send"};
    if (header.surface >= kMaxSurfaces)
        return base::Error{"invalid", "a message names a surface out of range"};
    received.body.assign(packet.begin() + sizeof(MessageHeader), packet.end());
    return received;
}

base::Result<Received> receive_message(int socket, std::initializer_list<Kind> allowed) {
    auto packet = base::receive_packet(socket, kMaxMessageBytes);
    if (!packet) return packet.error();
    return read_message(packet->bytes, allowed);
}

base::Result<ConfigureRequest> read_configure(const Received& received) {
    if (received.header.kind != Kind::configure || received.body.size() < sizeof(Configure))
        return base::Error{"invalid", "a configure message is too short"};
    ConfigureRequest request;
    std::memcpy(&request.configure, received.body.data(), sizeof(Configure));
    request.json.assign(reinterpret_cast<const char*>(received.body.data()) + sizeof(Configure),
                        received.body.size() - sizeof(Configure));
    return request;
}

}  // namespace bw::surface
