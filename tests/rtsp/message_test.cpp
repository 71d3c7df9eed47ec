// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/message.h"

#include <gtest/gtest.h>

namespace bw::rtsp {
namespace {

using Got = Reader::Got;

std::span<const uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

constexpr std::string_view kAnswer =
    "RTSP/1.0 200 OK\r\nCseq : 3 \r\nno header\r\nContent-length:5\r\nX: a\r\nx: b\r\n\r\nhello";

TEST(RtspReader, ReadsHeadersInAnyCaseAndTrimmed) {
    Reader reader;
    reader.put(bytes_of(kAnswer));
    ASSERT_EQ(reader.next(), Got::message);
    const Message& message = reader.message();
    EXPECT_EQ(message.status, 200);
    ASSERT_NE(message.find("CSeq"), nullptr);
    EXPECT_EQ(*message.find("cSEQ"), "3");
    EXPECT_EQ(message.all("X").size(), 2U);
    EXPECT_EQ(message.body, "hello");
    EXPECT_EQ(reader.next(), Got::nothing);
}

TEST(RtspReader, ReadsTheSameHoweverTheBytesAreCut) {
    const std::string all =
        std::string(kAnswer) + std::string("$\1\0\3abc", 7) + std::string(kAnswer);
    for (size_t size = 1; size <= all.size(); ++size) {
        Reader reader;
        std::vector<Got> got;
        for (size_t at = 0; at < all.size(); at += size) {
            reader.put(bytes_of(std::string_view(all).substr(at, size)));
            for (Got one = reader.next(); one != Got::nothing; one = reader.next())
                got.push_back(one);
        }
        EXPECT_EQ(got, (std::vector{Got::message, Got::packet, Got::message})) << size;
    }
}

TEST(RtspReader, GivesPacketsTheirChannel) {
    Reader reader;
    reader.put(bytes_of(std::string_view("$\7\0\2hi$\0\0\0", 10)));
    ASSERT_EQ(reader.next(), Got::packet);
    EXPECT_EQ(reader.channel(), 7);
    EXPECT_EQ(reader.packet().size(), 2U);
    ASSERT_EQ(reader.next(), Got::packet);
    EXPECT_TRUE(reader.packet().empty());
}

TEST(RtspReader, ReadsLinesWithoutCarriageReturn) {
    Reader reader;
    reader.put(bytes_of("RTSP/1.0 404 Not Found\nCSeq: 1\n\n"));
    ASSERT_EQ(reader.next(), Got::message);
    EXPECT_EQ(reader.message().status, 404);
}

TEST(RtspReader, ReadsWhatTheServerAsks) {
    Reader reader;
    reader.put(bytes_of("GET_PARAMETER rtsp://a/b RTSP/1.0\r\nCSeq: 9\r\n\r\n"));
    ASSERT_EQ(reader.next(), Got::message);
    EXPECT_EQ(reader.message().status, 0);
    EXPECT_EQ(reader.message().method, "GET_PARAMETER");
}

TEST(RtspReader, PassesOverJunk) {
    Reader reader;
    reader.put(bytes_of(std::string("\r\n\0\xFFxyzRESET RTSP", 16) + std::string(kAnswer)));
    ASSERT_EQ(reader.next(), Got::message);
    EXPECT_EQ(reader.message().body, "hello");
}

TEST(RtspReader, GivesUpWhatIsNoRtsp) {
    Reader junk;
    junk.put(bytes_of(std::string(Reader::kMostJunk + 2, 'x')));
    EXPECT_EQ(junk.next(), Got::fault);
    Reader endless;
    endless.put(bytes_of("RTSP/1.0 200 OK\r\n" + std::string(Reader::kMostHead, 'h')));
    EXPECT_EQ(endless.next(), Got::fault);
    Reader large;
    large.put(bytes_of("RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n"));
    EXPECT_EQ(large.next(), Got::fault);
    EXPECT_EQ(large.next(), Got::fault);
    Reader none;
    none.put(bytes_of("RTSP/1.0 OK\r\n\r\n"));
    EXPECT_EQ(none.next(), Got::fault);
}

}  // namespace
}  // namespace bw::rtsp
