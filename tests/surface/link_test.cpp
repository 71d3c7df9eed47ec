// SPDX-License-Identifier: Apache-2.0
// Messages, the carving of the arena, release.
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/surface/fixture.h"

namespace bw::surface {
namespace {

using LinkTest = LinkFixture;

uint64_t touched_bytes(int fd) {
    struct stat info {};
    fstat(fd, &info);
    return static_cast<uint64_t>(info.st_blocks) * 512;
}

TEST_F(LinkTest, configure_reaches_the_producer_with_its_json) {
    auto number = consumer->configure(wish(SlotKind::rgba));
    ASSERT_TRUE(number.ok());
    auto received = producer->receive();
    ASSERT_TRUE(received.ok());
    EXPECT_EQ(received->header.surface, *number);
    auto request = read_configure(*received);
    ASSERT_TRUE(request.ok());
    EXPECT_EQ(request->json, R"({"pane":"a"})");
    EXPECT_EQ(request->configure.width, 320u);
    EXPECT_EQ(request->configure.offset % kSlotAlign, 0u);
    EXPECT_GE(request->configure.capacity, 320u * 180 * 4 + kPayloadOffset);
    EXPECT_EQ(consumer->block(*number).generation.load(), request->configure.generation);
}

TEST_F(LinkTest, messages_go_both_ways_and_an_empty_socket_says_so) {
    EXPECT_EQ(producer->receive().error().code, "empty");
    ASSERT_TRUE(consumer->send(Kind::want, 0, 42).ok());
    auto want = producer->receive();
    ASSERT_TRUE(want.ok());
    EXPECT_EQ(want->header.value, 42);
    ASSERT_TRUE(producer->send(Kind::refuse, 3, 8, "no such source").ok());
    auto refuse = consumer->receive();
    ASSERT_TRUE(refuse.ok());
    EXPECT_EQ(refuse->header.surface, 3u);
    EXPECT_EQ(refuse->body.size(), 14u);
    producer.reset();
    EXPECT_EQ(consumer->receive().error().code, "closed");
}

TEST_F(LinkTest, regions_never_overlap_and_a_full_arena_says_full) {
    std::vector<std::pair<uint64_t, uint64_t>> used;
    for (;;) {
        auto number = consumer->configure(wish(SlotKind::rgba, 640, 360));
        if (!number) {
            EXPECT_EQ(number.error().code, "full");
            break;
        }
        auto c = read_configure(*producer->receive())->configure;
        for (auto [offset, length] : used)
            EXPECT_TRUE(c.offset >= offset + length || c.offset + 3 * c.capacity <= offset);
        EXPECT_LE(c.offset + 3 * c.capacity, arena.size());
        used.emplace_back(c.offset, 3 * c.capacity);
    }
    EXPECT_EQ(used.size(), 6u);  // 16 MiB by 3 slots of 640x360 RGBA
}

TEST_F(LinkTest, every_number_in_use_says_full) {
    for (uint32_t i = 0; i < kMaxSurfaces; ++i) {
        ASSERT_TRUE(consumer->configure(wish(SlotKind::rgba, 8, 8)).ok()) << i;
        ASSERT_TRUE(producer->receive().ok());
    }
    EXPECT_EQ(consumer->configure(wish(SlotKind::rgba, 8, 8)).error().code, "full");
}

TEST_F(LinkTest, a_released_region_is_punched_and_reused_only_when_the_producer_let_go) {
    Consumer::Wish whole = wish(SlotKind::rgba);
    whole.slot_bytes = 5 << 20;
    auto writer = configured(whole);
    std::memset(writer.payload(), 1, whole.slot_bytes);
    EXPECT_GE(touched_bytes(arena_fd.get()), whole.slot_bytes);
    consumer->release(surface);
    EXPECT_LT(touched_bytes(arena_fd.get()), 65536u);
    EXPECT_EQ(consumer->take(surface).error().code, "not_found");
    std::memset(writer.payload(), 1, 65536);  // a late writer
    EXPECT_EQ(consumer->configure(whole).error().code, "full");
    auto release = producer->receive();
    ASSERT_TRUE(release.ok());
    EXPECT_EQ(release->header.kind, Kind::release);
    EXPECT_EQ(consumer->receive().error().code, "empty");
    EXPECT_EQ(consumer->configure(whole).error().code, "full");
    EXPECT_EQ(producer->receive().error().code, "empty");  // lets go
    EXPECT_EQ(consumer->receive().error().code, "empty");  // sees it
    EXPECT_LT(touched_bytes(arena_fd.get()), 8192u);
    EXPECT_TRUE(consumer->configure(whole).ok());
}

TEST_F(LinkTest, a_deferred_release_is_answered_when_it_is_confirmed) {
    Consumer::Wish whole = wish(SlotKind::rgba);
    whole.slot_bytes = 5 << 20;
    (void)configured(whole);
    consumer->release(surface);
    ASSERT_EQ(producer->receive()->header.kind, Kind::release);
    producer->defer(surface);
    EXPECT_EQ(producer->receive().error().code, "empty");
    EXPECT_EQ(consumer->receive().error().code, "empty");
    EXPECT_EQ(consumer->configure(whole).error().code, "full");
    producer->confirm(surface);
    EXPECT_EQ(producer->receive().error().code, "empty");
    EXPECT_EQ(consumer->receive().error().code, "empty");
    EXPECT_TRUE(consumer->configure(whole).ok());
}

TEST_F(LinkTest, malicious_released_of_a_surface_in_use_changes_nothing) {
    (void)configured(wish(SlotKind::rgba));
    ASSERT_TRUE(producer->send(Kind::released, surface).ok());
    EXPECT_EQ(consumer->receive().error().code, "empty");
    EXPECT_TRUE(consumer->take(surface).ok());
}

TEST_F(LinkTest, a_packet_is_read_the_same_without_a_socket) {
    configured(wish(SlotKind::rgba));
    MessageHeader header;
    header.kind = Kind::commit;
    header.surface = surface;
    const auto bytes = std::as_bytes(std::span(&header, 1));
    auto commit = consumer->read(bytes);
    ASSERT_TRUE(commit.ok() && commit->has_value());
    EXPECT_EQ((*commit)->header.surface, surface);
    header.kind = Kind::released;
    auto released = consumer->read(bytes);
    ASSERT_TRUE(released.ok());
    EXPECT_FALSE(released->has_value());
    EXPECT_EQ(consumer->read(bytes.first(23)).error().code, "invalid");
}

TEST_F(LinkTest, after_restart_all_counts_from_the_start) {
    configured(wish(SlotKind::rgba));
    const auto [first, generation] = std::pair(surface, region.generation);
    configured(wish(SlotKind::rgba));
    EXPECT_NE(surface, first);
    consumer->restart();
    EXPECT_EQ(consumer->take(surface).error().code, "not_found");
    region = {};
    configured(wish(SlotKind::rgba));
    EXPECT_EQ(surface, first);
    EXPECT_EQ(region.generation, generation);
}

TEST_F(LinkTest, a_wish_too_large_or_empty_is_refused) {
    EXPECT_EQ(consumer->configure(wish(SlotKind::rgba, 16384, 16384)).error().code, "full");
    EXPECT_EQ(consumer->configure(wish(SlotKind::rgba, 0, 10)).error().code, "invalid");
    EXPECT_EQ(consumer->configure(wish(SlotKind::rgba, 10, 70000)).error().code, "invalid");
    Consumer::Wish huge = wish(SlotKind::draw_list);
    huge.slot_bytes = UINT64_MAX;
    EXPECT_EQ(consumer->configure(huge).error().code, "full");
}

TEST_F(LinkTest, malicious_message_kinds_surfaces_and_views_are_invalid) {
    ASSERT_TRUE(producer->send(Kind::configure, 0).ok());
    EXPECT_EQ(consumer->receive().error().code, "invalid");
    ASSERT_TRUE(producer->send(Kind::notice, kMaxSurfaces).ok());
    EXPECT_EQ(consumer->receive().error().code, "invalid");
    ASSERT_TRUE(producer->send(Kind::view, 0, 0, std::string(kMaxViewBytes + 1, 'x')).ok());
    EXPECT_EQ(consumer->receive().error().code, "invalid");
    ASSERT_TRUE(consumer->send(Kind::commit, 0).ok());
    EXPECT_EQ(producer->receive().error().code, "invalid");
}

TEST_F(LinkTest, malicious_packets_are_invalid) {
    MessageHeader header;
    header.kind = Kind::notice;
    const auto sent = [&](const MessageHeader& h, size_t bytes) {
        ASSERT_EQ(write(producer->fd(), &h, bytes), static_cast<ssize_t>(bytes));
        EXPECT_EQ(consumer->receive().error().code, "invalid");
    };
    sent(header, 5);
    MessageHeader magic = header;
    magic.magic = 7;
    sent(magic, sizeof magic);
    MessageHeader length = header;
    length.length = 1;
    sent(length, sizeof length);
    std::vector<char> longer(kMaxMessageBytes + 1);
    ASSERT_GT(write(producer->fd(), longer.data(), longer.size()), 0);
    EXPECT_EQ(consumer->receive().error().code, "invalid");
}

TEST_F(LinkTest, regions_outside_the_arena_are_refused_by_the_writer) {
    (void)configured(wish(SlotKind::rgba));
    const auto refused = [&](auto change) {
        Configure c = region;
        change(c);
        auto made = Producer::Writer::make(*producer, surface, c);
        return !made.ok() && made.error().code == "invalid";
    };
    EXPECT_TRUE(refused([](Configure& c) { c.offset = 16 << 20; }));
    EXPECT_TRUE(refused([](Configure& c) { c.offset = UINT64_MAX - 4095; }));
    EXPECT_TRUE(refused([](Configure& c) { c.offset += 1; }));
    EXPECT_TRUE(refused([](Configure& c) { c.capacity = 0; }));
    EXPECT_TRUE(refused([](Configure& c) { c.capacity = UINT64_MAX - 4095; }));
    EXPECT_FALSE(Producer::Writer::make(*producer, kMaxSurfaces, region).ok());
}

TEST(LinkOpen, refuses_memory_that_could_shrink_or_is_not_a_control_page) {
    auto fds = make_link(1 << 20);
    ASSERT_TRUE(fds.ok());
    base::UniqueFd unsealed(memfd_create("unsealed", MFD_CLOEXEC));
    ASSERT_EQ(ftruncate(unsealed.get(), 1 << 20), 0);
    EXPECT_FALSE(Consumer::open(base::UniqueFd(dup(fds->consumer_socket.get())),
                                std::move(unsealed), base::UniqueFd(dup(fds->page.get())))
                     .ok());
    auto zeros = base::make_sealed_memfd("zeros", sizeof(ControlPage));
    ASSERT_TRUE(zeros.ok());
    EXPECT_FALSE(
        Consumer::open(std::move(fds->consumer_socket), std::move(fds->arena), std::move(*zeros))
            .ok());
}

}  // namespace
}  // namespace bw::surface
