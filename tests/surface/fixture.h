// SPDX-License-Identifier: Apache-2.0
// Both ends of a real link, and the shared memory as a hostile producer sees it.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <cstring>

#include "core/surface/link.h"

namespace bw::surface {

struct LinkFixture : testing::Test {
    void SetUp() override { open(16 << 20); }

    void open(uint64_t arena_bytes, uint64_t texture_bytes = 0) {
        auto fds = make_link(arena_bytes);
        ASSERT_TRUE(fds.ok());
        auto raw = base::Mapping::map(fds->arena.get(), 0, base::Access::read_write);
        auto raw_page = base::Mapping::map(fds->page.get(), 0, base::Access::read_write);
        ASSERT_TRUE(raw.ok() && raw_page.ok());
        arena = std::move(*raw);
        page = std::move(*raw_page);
        arena_fd = base::UniqueFd(dup(fds->arena.get()));
        auto p =
            Producer::open(std::move(fds->producer_socket), base::UniqueFd(dup(fds->arena.get())),
                           base::UniqueFd(dup(fds->page.get())));
        auto c = Consumer::open(std::move(fds->consumer_socket), std::move(fds->arena),
                                std::move(fds->page), texture_bytes);
        ASSERT_TRUE(p.ok() && c.ok());
        producer = std::move(*p);
        consumer = std::move(*c);
    }

    static Consumer::Wish wish(SlotKind kind, uint32_t width = 320, uint32_t height = 180) {
        return {width, height, 1.5f, kind, 0, R"({"pane":"a"})"};
    }

    /// Configures a surface (and releases the one of the last call); gives the producer's writer.
    Producer::Writer configured(const Consumer::Wish& w) {
        if (region.capacity != 0) {
            consumer->release(surface);
            while (producer->receive().ok()) {
            }
            while (consumer->receive().ok()) {
            }
        }
        auto number = consumer->configure(w);
        EXPECT_TRUE(number.ok());
        surface = *number;
        auto received = producer->receive();
        EXPECT_TRUE(received.ok());
        auto request = read_configure(*received);
        EXPECT_TRUE(request.ok());
        region = request->configure;
        auto writer =
            Producer::Writer::make(*producer, received->header.surface, request->configure);
        EXPECT_TRUE(writer.ok());
        return std::move(*writer);
    }

    ControlPage& control() { return *reinterpret_cast<ControlPage*>(page.data()); }
    SlotHeader& slot(uint32_t index) {
        return *reinterpret_cast<SlotHeader*>(arena.data() + region.offset +
                                              index * region.capacity);
    }

    base::Mapping arena, page;
    base::UniqueFd arena_fd;
    std::unique_ptr<Producer> producer;
    std::unique_ptr<Consumer> consumer;
    uint32_t surface = 0;
    Configure region{};
};

/// A list with one triangle and one video, valid on a surface of 320x180.
inline DrawList sample_list() {
    DrawList list;
    list.vertices = {{0, 0, 0, 0, 0xffffffff}, {10, 0, 0, 0, 0xffffffff}, {0, 10, 0, 0, 0xff}};
    list.indices = {0, 1, 2};
    list.commands = {{0, 0, 320, 180, 0, 0, 3, -1}, {0, 0, 320, 180, 0, 0, 0, 0}};
    VideoCommand video{10, 10, 160, 90, Fit::contain, 1, {}};
    std::strcpy(video.source, "camera/FF-001");  // NOLINT: fits
    list.videos = {video};
    return list;
}

}  // namespace bw::surface
