// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/auth.h"

#include <gtest/gtest.h>

namespace bw::rtsp {
namespace {

std::string part(const std::string& answer, const std::string& name) {
    const size_t at = answer.find(name + "=\"");
    if (at == std::string::npos) return {};
    const size_t from = at + name.size() + 2;
    return answer.substr(from, answer.find('"', from) - from);
}

TEST(RtspAuth, AnswersNothingBeforeItIsAsked) {
    Auth auth("duty", "secret");
    EXPECT_EQ(auth.answer("DESCRIBE", "rtsp://a/"), "");
}

TEST(RtspAuth, AnswersBasic) {
    Auth auth("Aladdin", "open sesame");  // the example of RFC 7617
    ASSERT_TRUE(auth.challenged({"Basic realm=\"WallyWorld\""}));
    EXPECT_EQ(auth.answer("DESCRIBE", "rtsp://a/"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST(RtspAuth, AnswersDigestWithoutQuality) {
    Auth auth("Mufasa", "Circle Of Life");
    ASSERT_TRUE(auth.challenged(
        {"Digest realm=testrealm@host.com,nonce=dcd98b7102dd2f0e8b11d0f600bfb0c093 "}));
    const std::string answer = auth.answer("GET", "/dir/index.html");
    // MD5(MD5(user:realm:password):nonce:MD5(GET:/dir/index.html)), reckoned with md5sum.
    EXPECT_EQ(part(answer, "response"), "670fd8c2df070c60b045671b8b24ff02");
    EXPECT_EQ(part(answer, "realm"), "testrealm@host.com");
    EXPECT_EQ(answer.find("Circle"), std::string::npos);
}

TEST(RtspAuth, TakesTheStrongestThatIsOffered) {
    Auth auth("duty", "secret");
    ASSERT_TRUE(auth.challenged(
        {"Basic realm=\"r\"", "Digest realm=\"r\", nonce=\"1\", algorithm=MD5",
         "Digest realm=\"r\", nonce=\"2\", algorithm=SHA-256, qop=\"auth,auth-int\""}));
    const std::string answer = auth.answer("PLAY", "rtsp://a/");
    EXPECT_EQ(part(answer, "nonce"), "2");
    EXPECT_EQ(part(answer, "response").size(), 64U);
    EXPECT_NE(answer.find("nc=00000001"), std::string::npos);
    EXPECT_NE(auth.answer("PLAY", "rtsp://a/").find("nc=00000002"), std::string::npos);
}

TEST(RtspAuth, GivesUpWhenItsAnswerIsRefused) {
    Auth auth("duty", "wrong");
    ASSERT_TRUE(auth.challenged({"Digest realm=\"r\", nonce=\"1\""}));
    (void)auth.answer("DESCRIBE", "rtsp://a/");
    EXPECT_FALSE(auth.challenged({"Digest realm=\"r\", nonce=\"2\""}));
}

TEST(RtspAuth, ANonceThatGrewOldIsNoRefusal) {
    Auth auth("duty", "right");
    ASSERT_TRUE(auth.challenged({"Digest realm=\"r\", nonce=\"1\""}));
    (void)auth.answer("DESCRIBE", "rtsp://a/");
    EXPECT_TRUE(auth.challenged({"Digest realm=\"r\", nonce=\"2\", stale=TRUE"}));
    (void)auth.answer("DESCRIBE", "rtsp://a/");
    (void)auth.answer("SETUP", "rtsp://a/");
    EXPECT_TRUE(auth.challenged({"Digest realm=\"r\", nonce=\"3\""})) << "one nonce per request";
}

TEST(RtspAuth, CannotAnswerWithoutAName) {
    Auth auth("", "");
    EXPECT_FALSE(auth.challenged({"Digest realm=\"r\", nonce=\"1\""}));
    Auth odd("duty", "x");
    EXPECT_FALSE(odd.challenged({"NTLM"}));
    EXPECT_FALSE(odd.challenged({"Digest realm=\"r\", nonce=\"1\", algorithm=SHA-512"}));
    EXPECT_FALSE(odd.challenged({}));
}

}  // namespace
}  // namespace bw::rtsp
