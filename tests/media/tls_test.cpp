// SPDX-License-Identifier: Apache-2.0
// RTSP in TLS: a camera whose certificate the system trusts plays, any other is refused. What the
// system trusts is the test's own, in a mount namespace.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <cstdlib>

#include "tests/media/wall.h"

namespace bw::media::testing {
namespace {

using surface::Reason;
using surface::SourceState;

constexpr double kSoon = 30;
constexpr const char* kTrusted = "/etc/ssl/certs/ca-certificates.crt";  // Debian's

class TlsTest : public ::testing::Test {
  protected:
    /// NAME.pem, for 127.0.0.1, signed by itself, with its key.
    [[nodiscard]] std::string certificate(const std::string& name) const {
        const auto path = wall.folder / name;
        const std::string line = fmt::format(
            "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=camera -days 2 -addext "
            "subjectAltName=IP:127.0.0.1 -keyout {0}.key -out {0}.crt 2>{0}.log && cat {0}.key "
            "{0}.crt >{0}.pem",
            path.string());
        EXPECT_EQ(std::system(line.c_str()), 0);  // NOLINT(concurrency-mt-unsafe)
        return path.string();
    }
    static std::string secured(const Camera& camera) {
        return fmt::format("rtsps://127.0.0.1:{}/one", camera.port);
    }
    Wall wall;
};

TEST_F(TlsTest, ACameraThatNobodyVouchesForIsRefused) {
    const Camera camera({"--certificate", certificate("unknown") + ".pem"});
    wall.address("camera/S", secured(camera));
    const uint32_t tile = wall.show("camera/S", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.state(tile) == SourceState::failed; }, kSoon));
    EXPECT_EQ(wall.reason(tile), Reason::connect_failed);
    EXPECT_FALSE(wall.take(tile));
}

TEST_F(TlsTest, ACameraThatTheSystemTrustsPlaysWithItsPassword) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        GTEST_SKIP() << "needs root: no mount namespace of its own";
    const std::string known = certificate("known");
    ASSERT_EQ(mount((known + ".crt").c_str(), kTrusted, nullptr, MS_BIND, nullptr), 0);
    Wall inside;  // it sees what is mounted
    const Camera camera(
        {"--certificate", known + ".pem", "--user", "duty", "--password", "s3cret"});
    inside.address("camera/S", fmt::format("rtsps://duty:s3cret@127.0.0.1:{}/one", camera.port));
    const uint32_t tile = inside.show("camera/S", 320, 180);
    ASSERT_TRUE(inside.until([&] { return inside.take(tile) && inside.playing(tile); }, kSoon));
}

}  // namespace
}  // namespace bw::media::testing
