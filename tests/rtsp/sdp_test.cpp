// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/sdp.h"

#include <gtest/gtest.h>

namespace bw::rtsp {
namespace {

TEST(Sdp, ReadsMediaWhateverTheirOrder) {
    const Description all = parse_description(
        "v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\na=control:trackID=1\r\na=fmtp:96 "
        "packetization-mode=1; sprop-parameter-sets=Z0IA,aM4=\r\na=rtpmap:96 h264/90000\r\n"
        "m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n");
    EXPECT_EQ(all.control, "*");
    ASSERT_EQ(all.media.size(), 2U);
    const Media& video = all.media[0];
    EXPECT_EQ(video.kind, "video");
    EXPECT_EQ(video.payload, 96);
    EXPECT_EQ(video.encoding, "H264");
    EXPECT_EQ(video.clock_hz, 90000U);
    EXPECT_EQ(video.control, "trackID=1");
    EXPECT_EQ(video.parameter("sprop-parameter-sets"), "Z0IA,aM4=");
    EXPECT_EQ(video.parameter("profile-level-id"), "");
    EXPECT_EQ(all.media[1].clock_hz, 8000U);
}

TEST(Sdp, WhatCannotBeReadCostsItsOwnPartOnly) {
    const Description all = parse_description(
        "rubbish\nm=\nm=application/TP-LINK 0 RTP/AVP smart/1/90000\na=control:track9\na=rtpmap:x\n"
        "m=video 0 RTP/AVP 26\na=control:track1\n=\na=\n");
    ASSERT_EQ(all.media.size(), 3U);
    EXPECT_EQ(all.media[1].payload, -1);
    EXPECT_EQ(all.media[2].encoding, "JPEG") << "known by its number";
    EXPECT_EQ(all.media[2].control, "track1");
    EXPECT_TRUE(parse_description("").media.empty());
}

struct Url {
    const char *described, *base, *control, *expected;
};

TEST(Sdp, FindsWhereAStreamIsSetUp) {
    for (const Url& each : {
             Url{"rtsp://h/a", "rtsp://h/a/", "trackID=1", "rtsp://h/a/trackID=1"},
             Url{"rtsp://h/a", "", "trackID=1", "rtsp://h/a/trackID=1"},
             Url{"rtsp://h/a", "h/a/", "trackID=1", "rtsp://h/a/trackID=1"},
             Url{"rtsp://h/a?x=1&y=2", "", "trackID=1", "rtsp://h/a?x=1&y=2/trackID=1"},
             Url{"rtsp://h/a", "rtsp://h/a", "/trackID=1", "rtsp://h/a/trackID=1"},
             Url{"rtsp://h/a", "rtsp://h/b/", "*", "rtsp://h/b/"},
             Url{"rtsp://h/a", "", "", "rtsp://h/a"},
             Url{"rtsp://h/a", "rtsp://h/a/", "RTSP://h/c/1", "RTSP://h/c/1"},
         })
        EXPECT_EQ(control_url(each.described, each.base, each.control), each.expected);
}

}  // namespace
}  // namespace bw::rtsp
