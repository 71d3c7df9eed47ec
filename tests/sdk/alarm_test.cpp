// SPDX-License-Identifier: Apache-2.0
// Alarm cards: what they say at which size, and what a press on their button does.
#include <beaconwall/sdk/geometry.h>
#include <beaconwall/sdk/tokens.h>
#include <gmock/gmock.h>

#include "sdk_panel.h"

namespace bw::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kOne = R"({"one": true})";

class AlarmCard : public SdkPanel {
  protected:
    void SetUp() override { open(kWidth, kHeight); }
    void TearDown() override { panel_->destroy(panel_); }
    void open(uint32_t width, uint32_t height) {
        if (panel_ != nullptr) panel_->destroy(panel_);
        panel_ = host_.create("alarms");
        host_.configure(panel_, width, height, 1, "zh", kOne);
        width_ = width;
        height_ = height;
        ASSERT_TRUE(panel_->draw(panel_, &list_));
    }
    bool input(uint32_t type, float x, float y, uint32_t button = 0) {
        const bw_input_t input{type, button, x, y, 0};
        return panel_->input(panel_, &input);
    }
    /// Where a press does something: tried every few pixels, each time on a card of its own.
    sdk::Rect button() {
        float x0 = 1e9f, y0 = 1e9f, x1 = -1, y1 = -1;
        for (float y = 1; y < static_cast<float>(height_); y += 3)
            for (float x = 1; x < static_cast<float>(width_); x += 8) {
                input(BW_INPUT_PRESS, x, y, 1);
                if (host_.commands.empty()) continue;
                host_.commands.clear();
                x0 = std::min(x0, x), y0 = std::min(y0, y);
                x1 = std::max(x1, x), y1 = std::max(y1, y);
                open(width_, height_);
            }
        return {x0, y0, x1 - x0, y1 - y0};
    }
    bw_panel_t* panel_ = nullptr;
    uint32_t width_ = 0, height_ = 0;
    bw_draw_list_t list_{};
};

TEST_F(AlarmCard, APressOnItsButtonTellsThePanelOnce) {
    open(640, 160);
    const sdk::Rect place = button();
    ASSERT_GT(place.w, 60);
    const Image untouched = draw(panel_, 640, 160).image;
    EXPECT_GE(place.h, 36) << "large enough for a finger";
    const float x = place.centre().x, y = place.centre().y;
    EXPECT_FALSE(input(BW_INPUT_PRESS, 20, 20, 1)) << "beside it";
    EXPECT_TRUE(input(BW_INPUT_MOVE, x, y)) << "the button shows that the pointer is on it";
    input(BW_INPUT_PRESS, x, y, 3);
    EXPECT_THAT(host_.commands, IsEmpty()) << "the right button is not for this";
    const Image under = draw(panel_, 640, 160).image;
    EXPECT_NE(under.pixels, untouched.pixels);
    EXPECT_TRUE(input(BW_INPUT_PRESS, x, y, 1));
    EXPECT_THAT(host_.commands, ElementsAre(HasSubstr("x.alarm.acknowledge.v1")));
    // It says that it was asked for; until the panel knows more there is nothing to press.
    EXPECT_NE(draw(panel_, 640, 160).image.pixels, under.pixels);
    input(BW_INPUT_PRESS, x, y, 1);
    EXPECT_EQ(host_.commands.size(), 1u);
}

TEST_F(AlarmCard, HasItsButtonAtEverySizeThatHoldsOne) {
    for (const auto& [width, height] :
         {std::pair{200u, 46u}, {200u, 100u}, {430u, 72u}, {640u, 124u}, {860u, 480u}}) {
        open(width, height);
        const sdk::Rect place = button();
        EXPECT_GE(place.w, 30) << width << "x" << height;
        EXPECT_GE(place.h, 30) << width << "x" << height;
        EXPECT_LE(place.right(), static_cast<float>(width));
        EXPECT_LE(place.bottom(), static_cast<float>(height));
    }
}

TEST_F(AlarmCard, ItsAgeAsksForOneDrawAMinute) {
    EXPECT_NEAR(static_cast<double>(list_.next_draw_ns - host_.mono_ns), 60e9, 0.1e9);
    // One of these began 25 s ago.
    const Drawn all = draw_once("alarms");
    EXPECT_NEAR(static_cast<double>(all.next_draw_ns - host_.mono_ns), 35e9, 0.1e9);
}

TEST_F(AlarmCard, OfNoLevelHasNoWarningColour) {
    const Drawn all = draw_once("alarms");
    // The lowest card: its bar and its frame.
    int warning = 0, frame = 0;
    for (int y = 400; y < all.image.height; ++y)
        for (int x = 0; x < all.image.width; ++x) {
            const uint32_t pixel = all.image.at(x, y);
            for (const uint32_t color :
                 {sdk::token::red, sdk::token::orange, sdk::token::yellow, sdk::token::blue})
                warning += pixel == color ? 1 : 0;
            frame += pixel == sdk::token::text2 ? 1 : 0;
        }
    EXPECT_EQ(warning, 0);
    EXPECT_GT(frame, 1000);
}

}  // namespace
}  // namespace bw::test
