// SPDX-License-Identifier: Apache-2.0
// A session with a camera that is a few strings. Real sockets: tests/media/quirks_test.cpp.
#include "core/rtsp/session.h"

#include <gtest/gtest.h>

#include "core/base/clock.h"

namespace bw::rtsp {
namespace {

class SessionTest : public ::testing::Test {
  protected:
    void feed(const std::string& text) {
        session.put({reinterpret_cast<const uint8_t*>(text.data()), text.size()}, now);
    }
    /// The camera's answer to what was asked last.
    void answer(const std::string& headers, const std::string& body = "") {
        sent = session.take_output();
        const size_t at = sent.rfind("CSeq: ");
        number = at == std::string::npos ? "0" : sent.substr(at + 6, sent.find('\r', at) - at - 6);
        feed("RTSP/1.0 " + headers.substr(0, headers.find('|')) + "\r\nCSeq: " + number + "\r\n" +
             (headers.find('|') != std::string::npos
                  ? headers.substr(headers.find('|') + 1) + "\r\n"
                  : "") +
             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    }
    void play() {
        answer("200 OK");
        answer("200 OK", kSdp);
        answer("200 OK|Session: 7;timeout=10\r\nTransport: RTP/AVP/TCP;interleaved=2-3");
        answer("200 OK");
    }
    /// An RTP packet with one unit.
    void rtp(uint16_t sequence, const std::vector<uint8_t>& nal, uint32_t stamp = 90000,
             uint32_t ssrc = 5) {
        std::string out = "$\2";
        const auto add = [&](uint32_t value, int bytes) {
            for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
        };
        add(static_cast<uint32_t>(12 + nal.size()), 2);
        add(0x80E0, 2);
        add(sequence, 2);
        add(stamp, 4);
        add(ssrc, 4);
        out.append(nal.begin(), nal.end());
        feed(out);
    }
    void key(uint16_t sequence, uint32_t stamp = 90000) {
        rtp(sequence, {24, 0, 4, 0x67, 1, 2, 3, 0, 4, 0x68, 0xCE, 1, 2, 0, 3, 0x65, 0x88, 9},
            stamp);
    }

    static constexpr const char* kSdp =
        "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t1\r\n";
    int64_t now = base::kSecond;
    int keys = 0, others = 0;
    std::optional<int64_t> filmed;
    std::string sent, number;
    Session session{{"rtsp://cam/live", "duty", "secret"}, [this](const Session::Unit& unit) {
                        ++(unit.access.key ? keys : others);
                        filmed = unit.filmed_wall_ns;
                    }};
};

TEST_F(SessionTest, AsksInOrderAndPlays) {
    answer("200 OK");
    EXPECT_TRUE(sent.starts_with("OPTIONS rtsp://cam/live RTSP/1.0\r\n"));
    answer("200 OK", kSdp);
    EXPECT_TRUE(sent.starts_with("DESCRIBE "));
    EXPECT_TRUE(session.described());
    answer("200 OK|Session: 7;timeout=10\r\nTransport: RTP/AVP/TCP;interleaved=2-3");
    EXPECT_TRUE(sent.starts_with("SETUP rtsp://cam/live/t1 "));
    EXPECT_EQ(session.next_wake_ns(), 0);
    answer("200 OK");
    EXPECT_TRUE(sent.starts_with("PLAY rtsp://cam/live "));
    EXPECT_NE(sent.find("Session: 7\r\n"), std::string::npos);
    EXPECT_EQ(session.next_wake_ns(), now + 5 * base::kSecond);
    key(1);
    rtp(2, {0x61, 0x9A, 8});
    EXPECT_EQ(keys, 1);
    EXPECT_EQ(others, 1);
    EXPECT_FALSE(session.fault());
    EXPECT_EQ(session.take_output(), "");
    session.teardown();
    EXPECT_TRUE(session.take_output().starts_with("TEARDOWN "));
}

TEST_F(SessionTest, KeepsAliveByWhatTheCameraKnows) {
    play();
    session.tick(now + base::kSecond);
    EXPECT_EQ(session.take_output(), "");
    now += 5 * base::kSecond;
    session.tick(now);
    answer("454 Session Not Found");
    EXPECT_NE(sent.find("GET_PARAMETER "), std::string::npos);
    EXPECT_EQ(sent[0], '$') << "a receiver report";
    answer("200 OK");
    EXPECT_NE(sent.find("OPTIONS "), std::string::npos) << "not tried again at once";
    now += 5 * base::kSecond;
    session.tick(now);
    EXPECT_NE(session.take_output().find("OPTIONS "), std::string::npos);
    EXPECT_FALSE(session.fault());
}

TEST_F(SessionTest, AGapWaitsForTheNextKeyFrame) {
    play();
    key(65534);
    rtp(65535, {0x61, 0x9A, 8});
    rtp(0, {0x61, 0x9A, 8});  // the numbers wrap
    EXPECT_EQ(others, 2);
    rtp(3, {0x61, 0x9A, 8});
    rtp(2, {0x61, 0x9A, 8});  // late
    rtp(4, {0x61, 0x9A, 8});
    EXPECT_EQ(others, 2);
    EXPECT_EQ(session.lost_packets(), 2U);
    key(5);
    EXPECT_EQ(keys, 2);
}

TEST_F(SessionTest, AnotherSenderIsIgnoredUntilItStays) {
    play();
    key(1);
    for (uint16_t i = 0; i < 6; ++i) rtp(900, {0x61, 0x9A, 8}, 90000, 77);
    rtp(2, {0x61, 0x9A, 8});
    EXPECT_EQ(others, 1);
    for (uint16_t i = 0; i < 20; ++i)
        rtp(static_cast<uint16_t>(i + 50), {24, 0, 4, 0x67, 1, 2, 3, 0, 3, 0x65, 0x88, 9}, i, 77);
    EXPECT_GT(keys, 1) << "a camera that started anew is gone for good";
}

TEST_F(SessionTest, ReckonsWhenAPictureWasFilmed) {
    play();
    key(1);
    EXPECT_FALSE(filmed);
    // A sender report: 2 s after 1970 is stamp 90000.
    feed(std::string("$\3\0\x1C\x80\xC8\0\6\0\0\0\5", 12) +
         std::string("\x83\xAA\x7E\x82\x80\0\0\0", 8) +
         std::string("\0\1\x5F\x90\0\0\0\0\0\0\0\0", 12));
    key(2, 90000 + 45000);
    ASSERT_TRUE(filmed);
    EXPECT_EQ(*filmed, 3 * base::kSecond);
}

struct Refusal {
    const char* status;
    Fault::Kind kind;
};

TEST_F(SessionTest, NamesWhyItIsRefused) {
    for (const Refusal& each : {Refusal{"404 Not Found", Fault::Kind::not_found},
                                Refusal{"403 Forbidden", Fault::Kind::unauthorised},
                                Refusal{"401 Unauthorized", Fault::Kind::unauthorised},
                                Refusal{"302 Found|Location: rtsp://other/", Fault::Kind::moved},
                                Refusal{"503 Busy", Fault::Kind::refused},
                                Refusal{"461 Unsupported Transport", Fault::Kind::no_tcp}}) {
        Session one({"rtsp://cam/live", "", ""}, [](const Session::Unit&) {});
        const std::string status(each.status);
        const size_t bar = status.find('|');
        const std::string refusal =
            "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\nRTSP/1.0 " + status.substr(0, bar) +
            "\r\nCSeq: 2\r\n" + (bar != std::string::npos ? status.substr(bar + 1) + "\r\n" : "") +
            "\r\n";
        one.put({reinterpret_cast<const uint8_t*>(refusal.data()), refusal.size()}, now);
        ASSERT_TRUE(one.fault()) << each.status;
        EXPECT_EQ(one.fault()->kind, each.kind) << each.status;
    }
}

TEST_F(SessionTest, ADescriptionWithoutVideoOrWithAnotherCodecIsSaid) {
    answer("200 OK");
    answer("200 OK", "v=0\r\nm=audio 0 RTP/AVP 8\r\n");
    ASSERT_TRUE(session.fault());
    EXPECT_EQ(session.fault()->kind, Fault::Kind::no_video);
    Session other({"rtsp://cam/live", "", ""}, [](const Session::Unit&) {});
    const std::string text =
        "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\nRTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 22\r\n\r\n"
        "m=video 0 RTP/AVP 26\r\n";
    other.put({reinterpret_cast<const uint8_t*>(text.data()), text.size()}, now);
    ASSERT_TRUE(other.fault());
    EXPECT_EQ(other.fault()->kind, Fault::Kind::other_codec);
    EXPECT_EQ(other.fault()->text, "JPEG");
}

TEST_F(SessionTest, AnswersWhatTheCameraAsks) {
    play();
    (void)session.take_output();
    feed("OPTIONS * RTSP/1.0\r\nCSeq: 31\r\n\r\n");
    EXPECT_TRUE(session.take_output().starts_with("RTSP/1.0 200 OK\r\nCSeq: 31\r\n"));
}

TEST_F(SessionTest, AGoodbyeEndsIt) {
    play();
    feed(std::string("$\3\0\x08\x81\xCB\0\1\0\0\0\5", 12));
    ASSERT_TRUE(session.fault());
    EXPECT_EQ(session.fault()->kind, Fault::Kind::ended);
}

TEST_F(SessionTest, OnlyPrivatePacketsAreNoStream) {
    play();
    for (int i = 0; i < 70 && !session.fault(); ++i) feed("$\x09\x04" + std::string(1025, '\0'));
    ASSERT_TRUE(session.fault());
    EXPECT_EQ(session.fault()->kind, Fault::Kind::broken);
}

}  // namespace
}  // namespace bw::rtsp
