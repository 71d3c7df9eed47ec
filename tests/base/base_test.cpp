// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/memory.h"
#include "core/base/packet.h"
#include "core/base/rfc3339.h"
#include "core/base/sanitized.h"
#include "core/base/shm.h"

namespace bw::base {
namespace {

TEST(Clock, WritesAndReadsRfc3339) {
    const int64_t moment = 1'782'864'000'123 * kMillisecond;
    EXPECT_EQ(rfc3339(moment), "2026-07-01T00:00:00.123Z");
    EXPECT_EQ(parse_rfc3339("2026-07-01T00:00:00.123Z"), moment);
    EXPECT_EQ(parse_rfc3339("2026-07-01T08:00:00.123+08:00"), moment);
}

TEST(Clock, KnowsTimesBefore1970AndToTheEdges) {
    EXPECT_EQ(parse_rfc3339("1969-12-31T23:59:59.900Z"), -100 * kMillisecond);
    EXPECT_EQ(rfc3339(-100 * kMillisecond), "1969-12-31T23:59:59.900Z");
    for (const char* text : {"1678-01-01T00:00:00.000Z", "2261-12-31T23:59:59.999Z"})
        EXPECT_EQ(rfc3339(parse_rfc3339(text).value()), text);
}

TEST(Clock, RefusesWhatIsNoTime) {
    for (const char* text :
         {"", "yesterday", "2026-07-01", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
          "2026-07-01T25:00:00Z", "2026-07-01T00:00:00", "2026-07-01T00:00:00+8",
          "2026-07-01T00:00:00ZZ", "2026-07-01T-1:00:00Z", "2026-07-01T00:00:00+-1:00",
          "2026-07-01T 1:00:00Z",
          // More nanoseconds than 64 bits hold.
          "1013-07-01T00:00:00Z", "1677-12-31T00:00:00Z", "2262-01-01T00:00:00Z",
          "9999-12-31T23:59:59Z"})
        EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(Clock, SaysWhichPartOfATimeIsWrongAndWhatIsAllowed) {
    const auto fault = [](std::string_view text) { return read_rfc3339(text).error().text; };
    const std::pair<const char*, const char*> cases[] = {
        {"99999-01-01T00:00:00Z",
         "the year 99999 in \"99999-01-01T00:00:00Z\"; allowed: a time of "
         "the years 1678 to 2261"},
        {"0000-01-01T00:00:00Z", "the year 0000 in"},
        {"-0001-01-01T00:00:00Z", "the year -0001 in"},
        {"-2026-01-01T00:00:00Z", "the year -2026 in"},
        {"+2026-01-01T00:00:00Z", "the year +2026 in"},
        {"226-01-01T00:00:00Z", "the year 226 in"},
        {"2262-01-01T00:00:00Z", "the year 2262 in"},
        {"2026-13-01T00:00:00Z", "the month 13 in"},
        {"2026-00-01T00:00:00Z", "the month 00 in"},
        {"2026-02-29T00:00:00Z",
         "the day 29 in \"2026-02-29T00:00:00Z\"; allowed: a day from 01 to 28"},
        {"2100-02-29T00:00:00Z", "the day 29 in"},
        {"2026-04-31T00:00:00Z", "from 01 to 30"},
        {"2026-01-00T00:00:00Z", "the day 00 in"},
        {"2026-01-01T24:00:00Z", "the time of day 24:00:00 in"},
        {"2026-01-01T12:34:60Z", "a second 60 only at the end of a day"},
        {"2026-01-01T23:59:60+08:00", "the time of day 23:59:60 in"},
        {"2026-01-01T00:00:00", "no zone in"},
        {"2026-01-01T00:00:00+8", "no zone that there is in"},
        {"2026-01-01T00:00:00+24:00", "no zone that there is in"},
        {"2026-01-01", "\"2026-01-01\"; allowed: a time, such as 2026-07-01T08:00:00Z"},
        {"", "found \"\"; allowed: a time"},
        {"-", "found \"-\"; allowed: a time"},
        {"---------------------------", "allowed: a time, such as"},
        {"昨天", "found \"昨天\"; allowed: a time"},
    };
    for (const auto& [text, words] : cases)
        EXPECT_NE(fault(text).find(words), std::string::npos) << text << ": " << fault(text);
    EXPECT_TRUE(read_rfc3339("2024-02-29T23:59:60Z").ok());
    EXPECT_TRUE(read_rfc3339("2017-01-01T07:59:60+08:00").ok());  // as it is said in Miyun
    EXPECT_TRUE(read_rfc3339("2000-02-29T00:00:00Z").ok());
}

TEST(Clock, TellsAtMostTheBeginningOfALongTextAndCutsNoCharacter) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "年";
    const std::string fault = read_rfc3339(text).error().text;
    EXPECT_LT(fault.size(), 200U);
    EXPECT_NE(fault.find("年年…\""), std::string::npos) << fault;
}

TEST(Ids, UuidsHaveTheirFormAndDiffer) {
    const std::string a = random_uuid();
    ASSERT_EQ(a.size(), 36u);
    EXPECT_EQ(a[14], '4');
    EXPECT_NE(a, random_uuid());
}

TEST(Ids, SafeNamesCannotLeaveTheirFolder) {
    EXPECT_TRUE(is_safe_name("flood_gauges-2.1"));
    for (const char* name : {"", ".", "..", ".hidden", "a/b", "a b", "名"})
        EXPECT_FALSE(is_safe_name(name)) << name;
    EXPECT_FALSE(is_safe_name(std::string(65, 'a')));
}

TEST(Shm, SealedMemoryCanNeitherShrinkNorGrow) {
    auto fd = make_sealed_memfd("test", 8192);
    ASSERT_TRUE(fd.ok());
    EXPECT_NE(ftruncate(fd->get(), 4096), 0);
    EXPECT_NE(ftruncate(fd->get(), 16384), 0);
    auto map = Mapping::map(fd->get(), 8192, Access::read_write);
    ASSERT_TRUE(map.ok());
    map->data()[8191] = std::byte{7};
    ASSERT_TRUE(punch_hole(fd->get(), 4096, 4096).ok());
    EXPECT_EQ(map->data()[8191], std::byte{0});
}

TEST(Shm, MappingRefusesUnsealedOrOtherwiseSizedMemory) {
    UniqueFd open_memory(memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    ASSERT_EQ(ftruncate(open_memory.get(), 4096), 0);
    EXPECT_EQ(Mapping::map(open_memory.get(), 4096, Access::read_only).error().code, "refused");
    auto sealed = make_sealed_memfd("test", 4096);
    EXPECT_EQ(Mapping::map(sealed->get(), 8192, Access::read_only).error().code, "refused");
}

TEST(Packet, CarriesBytesAndDescriptorsAndTellsHowItEnds) {
    auto pair = packet_pair();
    ASSERT_TRUE(pair.ok());
    EXPECT_EQ(receive_packet(pair->second.get(), 64).error().code, "empty");
    auto memory = make_sealed_memfd("carried", 4096);
    const int fds[] = {memory->get()};
    const std::array<std::byte, 3> bytes{std::byte{1}, std::byte{2}, std::byte{3}};
    ASSERT_TRUE(send_packet(pair->first.get(), bytes, fds).ok());
    auto got = receive_packet(pair->second.get(), 64);
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(got->bytes.size(), 3u);
    ASSERT_EQ(got->fds.size(), 1u);
    EXPECT_TRUE(Mapping::map(got->fds[0].get(), 4096, Access::read_only).ok());
    EXPECT_NE(fcntl(got->fds[0].get(), F_GETFD) & FD_CLOEXEC, 0);
    pair->first.reset();
    EXPECT_EQ(receive_packet(pair->second.get(), 64).error().code, "closed");
    EXPECT_EQ(send_packet(pair->second.get(), bytes).error().code, "closed");
}

TEST(Packet, RefusesMoreThanAgreed) {
    auto pair = packet_pair();
    const std::array<std::byte, 128> bytes{};
    ASSERT_TRUE(send_packet(pair->first.get(), bytes).ok());
    EXPECT_EQ(receive_packet(pair->second.get(), 64).error().code, "invalid");
}

TEST(Packet, AFullPeerIsToldAndNothingBlocks) {
    auto pair = packet_pair();
    const std::array<std::byte, 512> bytes{};
    int sent = 0;
    Status status;
    while ((status = send_packet(pair->first.get(), bytes)).ok()) ASSERT_LT(++sent, 100000);
    EXPECT_EQ(status.error().code, "full");
    EXPECT_GT(sent, 0);
}

TEST(Memory, LargeBlocksAreMappingsOfTheirOwnAlsoAfterLargerOnesWereFreed) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer has its own malloc";
    const auto mapped_by_a_mebibyte = [] {
        malloc_trim(0);  // what lies free is used before anything is mapped
        const size_t before = mallinfo2().hblks;
        void* volatile block = std::malloc(1 << 20);  // volatile: not to be optimised away
        const size_t more = mallinfo2().hblks - before;
        std::free(block);
        return more;
    };
    const auto free_a_larger_one = [] {
        void* volatile block = std::malloc(16 << 20);
        std::free(block);
    };
    free_a_larger_one();
    ASSERT_EQ(mapped_by_a_mebibyte(), 0u) << "glibc no longer raises its limit by itself";
    give_large_blocks_back();
    EXPECT_EQ(mapped_by_a_mebibyte(), 1u);
    free_a_larger_one();
    EXPECT_EQ(mapped_by_a_mebibyte(), 1u);
}

TEST(Memory, FreePagesBetweenWhatIsInUseGoBackToTheKernel) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer has its own malloc";
    const auto resident_mib = [] {
        size_t total = 0, resident = 0;
        std::ifstream("/proc/self/statm") >> total >> resident;
        return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE)) >> 20;
    };
    constexpr size_t kBytes = 16 << 10, kBlocks = 4096;  // 64 MiB
    std::vector<std::unique_ptr<std::vector<char>>> blocks(kBlocks);
    for (auto& block : blocks) block = std::make_unique<std::vector<char>>(kBytes, 'x');
    for (size_t i = 0; i < kBlocks; ++i)
        if (i % 64 != 63) blocks[i].reset();
    const size_t before = resident_mib();
    give_free_pages_back();
    EXPECT_LT(resident_mib() + 32, before);
}

}  // namespace
}  // namespace bw::base
