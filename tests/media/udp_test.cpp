// SPDX-License-Identifier: Apache-2.0
// A camera over UDP that loses one packet in twenty, in a network of its own.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "core/base/clock.h"
#include "tests/media/wall.h"

namespace bw::media::testing {
namespace {

using surface::Reason;
using surface::SourceState;

/// From here on this thread and its children have a network that is theirs alone.
bool enter_own_network() {
    if (unshare(CLONE_NEWNET) != 0) return false;
    const int probe = socket(AF_INET, SOCK_DGRAM, 0);
    ifreq loopback{};
    std::strcpy(loopback.ifr_name, "lo");
    loopback.ifr_flags = IFF_UP | IFF_RUNNING;
    const bool up = ioctl(probe, SIOCSIFFLAGS, &loopback) == 0;
    close(probe);
    return up;
}

TEST(MediaUdp, ALossyCameraIsShownWhenItCanBeAndHurtsNobodyElse) {
    if (!enter_own_network()) GTEST_SKIP() << "needs root, or user namespaces: no own network";
    ASSERT_EQ(std::system("nft 'add table inet loss; add chain inet loss in { type filter hook "
                          "input priority 0; }; add rule inet loss in meta l4proto udp numgen "
                          "random mod 100 < 5 counter drop'"),
              0);
    Camera camera({"--transport", "udp"});
    Wall wall;
    wall.address("camera/U", "rtspu://127.0.0.1:" + std::to_string(camera.port) + "/one");
    wall.address("camera/W", "test://ball");
    const uint32_t lossy = wall.show("camera/U", 320, 180), other = wall.show("camera/W", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.playing(lossy) && wall.playing(other); }, 30));
    int pictures = 0;
    bool other_late = false, named = true;
    ASSERT_TRUE(wall.until(
        [&] {
            other_late = other_late || !wall.playing(other);
            const bool late = wall.state(lossy) == SourceState::late;
            named =
                named && (wall.playing(lossy) || late || wall.state(lossy) == SourceState::lost);
            pictures += wall.take(lossy) ? 1 : 0;
            return pictures >= 60;
        },
        60))
        << pictures << " pictures";
    EXPECT_FALSE(other_late);
    EXPECT_TRUE(named);
    // The rule did lose packets.
    EXPECT_EQ(std::system("nft list chain inet loss in | grep -q 'packets [1-9]'"), 0);
}

}  // namespace
}  // namespace bw::media::testing
