// SPDX-License-Identifier: Apache-2.0
#include "core/media/inspector.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "core/base/clock.h"

namespace bw::media {
namespace {

using base::kSecond;

/// A picture of 320x180 whose pixels are made by functions of their place.
struct Canvas {
    static constexpr int kWidth = 320, kHeight = 180;
    using Paint = std::function<int(int x, int y)>;
    std::vector<uint8_t> y, u, v;
    explicit Canvas(const Paint& luma, const Paint& blue = {}, const Paint& red = {}) {
        for (int row = 0; row < kHeight; ++row)
            for (int x = 0; x < kWidth; ++x) y.push_back(static_cast<uint8_t>(luma(x, row)));
        for (int row = 0; row < kHeight; row += 2)
            for (int x = 0; x < kWidth; x += 2) {
                u.push_back(static_cast<uint8_t>(blue ? blue(x, row) : 128));
                v.push_back(static_cast<uint8_t>(red ? red(x, row) : 128));
            }
    }
    [[nodiscard]] PictureView view() const {
        return {y.data(), u.data(), v.data(), kWidth, kWidth / 2, kWidth / 2, kWidth, kHeight};
    }
};

/// A hill, a sky, and grass.
int landscape(int x, int y) {
    const int ridge = 70 + (x * 7 % 90) / 3;
    return y < ridge ? 170 - y / 2 : 60 + (x * 31 + y * 17) % 40;
}

class InspectorTest : public ::testing::Test {
  protected:
    void watch(double seconds, const std::function<Canvas(int64_t)>& scene) {
        for (const int64_t end = now + static_cast<int64_t>(seconds * 1e9); now < end;
             now += kSecond / 10)
            inspector.see(scene(now).view(), now);
    }
    void watch(double seconds, const Canvas& scene) {
        watch(seconds, [&](int64_t) { return scene; });
    }
    int64_t now = 100 * kSecond;
    Inspector inspector;
};

TEST_F(InspectorTest, APictureThatHangsIsFrozenAfterItsTime) {
    const Canvas scene(landscape);
    watch(29, scene);
    EXPECT_FALSE(inspector.frozen());
    watch(2, scene);
    EXPECT_TRUE(inspector.frozen());
    EXPECT_EQ(inspector.look(), Look::normal);
    // The first movement ends it.
    watch(0.7, Canvas([](int x, int y) { return landscape(x + 3, y); }));
    EXPECT_FALSE(inspector.frozen());
}

TEST_F(InspectorTest, AClockThatIsBurntInIsNoLife) {
    const auto with_clock = [](int64_t at) {
        return Canvas([at](int x, int y) {
            const bool clock = (y < 18 && x > 200) || (y >= 162 && x < 100);
            return clock ? static_cast<int>((at / (kSecond / 10) * 13 + x) % 200) : landscape(x, y);
        });
    };
    watch(31, with_clock);
    EXPECT_TRUE(inspector.frozen());
}

TEST_F(InspectorTest, SomethingSmallThatMovesIsLife) {
    watch(40, [](int64_t at) {
        const int where = static_cast<int>(at / (kSecond / 10) % 200);
        return Canvas([where](int x, int y) {
            return std::abs(x - where) < 6 && std::abs(y - 90) < 6 ? 230 : landscape(x, y);
        });
    });
    EXPECT_FALSE(inspector.frozen());
}

TEST_F(InspectorTest, AnEncodersUneaseIsNoLife) {
    std::minstd_rand random(7);
    watch(31, [&](int64_t) {
        return Canvas(
            [&](int x, int y) { return landscape(x, y) + static_cast<int>(random() % 2); });
    });
    EXPECT_TRUE(inspector.frozen());
}

TEST_F(InspectorTest, DawnIsLife) {
    watch(60, [&](int64_t at) {
        const int light = static_cast<int>((at - 100 * kSecond) / (5 * kSecond));
        return Canvas([light](int x, int y) { return landscape(x, y) / 2 + light; });
    });
    EXPECT_FALSE(inspector.frozen());
}

TEST(Inspector, MasksAndTimeAreTheSites) {
    Watchfulness whole{2 * kSecond, {{0, 0, 1, 1}}}, never{0, {}};
    Inspector masked(whole), patient(never);
    for (int64_t now = kSecond; now < 60 * kSecond; now += kSecond) {
        const int shift = static_cast<int>(now / kSecond);
        masked.see(Canvas([&](int x, int y) { return landscape(x + shift, y); }).view(), now);
        patient.see(Canvas(landscape).view(), now);
    }
    EXPECT_TRUE(masked.frozen());
    EXPECT_FALSE(patient.frozen());
}

TEST_F(InspectorTest, SeesWhenThereIsNothingToBeSeen) {
    const Canvas black([](int, int) { return 17; });
    watch(2, black);
    EXPECT_EQ(inspector.look(), Look::normal) << "told too early";
    watch(2, black);
    EXPECT_EQ(inspector.look(), Look::black);
    watch(4,
          Canvas([](int x, int y) { return x > 150 && x < 170 && y > 80 && y < 100 ? 90 : 17; }));
    EXPECT_EQ(inspector.look(), Look::normal) << "a night with a light in it";
    watch(4, Canvas([](int x, int) { return 80 + x / 40; }));
    EXPECT_EQ(inspector.look(), Look::covered);
    watch(4, Canvas(landscape));
    EXPECT_EQ(inspector.look(), Look::normal);
    const auto stripe = [](int x) { return x * 7 / Canvas::kWidth; };
    const auto bars = [&](std::array<int, 7> levels) {
        return [=](int x, int y) { return y < 120 ? levels[static_cast<size_t>(stripe(x))] : 60; };
    };
    watch(4, Canvas(bars({180, 162, 131, 112, 84, 65, 35}), bars({128, 44, 156, 72, 184, 100, 212}),
                    bars({128, 142, 44, 58, 198, 212, 114})));
    EXPECT_EQ(inspector.look(), Look::bars);
}

}  // namespace
}  // namespace bw::media
