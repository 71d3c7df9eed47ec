// SPDX-License-Identifier: Apache-2.0
#include "core/cli/doctor_displays.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bw::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kTwo =
    "DP-1\t0\t0\t1920\t1080\t59.940\t0\t1\tDEL\tDELL U2720Q\tAB\"1\t600\t340\n"
    "HDMI-1\t1920\t0\t3840\t2160\t60.000\t0\t1\tBNQ\t0x1A2B\t\t1200\t675\n";

TEST(DoctorDisplays, lines_become_outputs) {
    const auto outputs = parse_output_lines(kTwo);
    ASSERT_EQ(outputs.size(), 2u);
    EXPECT_EQ(outputs[0].connector, "DP-1");
    EXPECT_EQ(outputs[0].edid->serial(), "AB\"1");
    EXPECT_EQ(outputs[1].x, 1920);
    EXPECT_EQ(outputs[1].edid->width_mm, 1200u);
    EXPECT_TRUE(parse_output_lines("").empty());
    EXPECT_TRUE(parse_output_lines("DP-1\t0\t0\nnonsense\n\t\t\n").empty());
}

TEST(DoctorDisplays, entries_carry_identity_sizes_and_places) {
    const std::string toml = display_entries(parse_output_lines(kTwo));
    EXPECT_THAT(toml, HasSubstr("name = \"dp-1\"\nx_mm = 0.0\ny_mm = 0.0\nwidth_mm = 600.0\n"
                                "height_mm = 340.0\nwidth_px = 1920\nheight_px = 1080\n"));
    EXPECT_THAT(toml, HasSubstr("output = { maker = \"DEL\", model = \"DELL U2720Q\", serial = "
                                "\"AB\\\"1\", connector = \"DP-1\" }"));
    EXPECT_THAT(toml, HasSubstr("name = \"hdmi-1\"\nx_mm = 600.0\n"));
    EXPECT_THAT(toml, HasSubstr("{ maker = \"BNQ\", model = \"0x1A2B\", connector = \"HDMI-1\" }"));
}

TEST(DoctorDisplays, different_pitches_below_each_other_do_not_overlap) {
    // Two small monitors above one large one: the small ones are coarser.
    const std::string toml = display_entries(
        parse_output_lines("A\t0\t0\t1000\t1000\t60\t0\t1\tDEL\tX\t\t500\t500\n"
                           "B\t1000\t0\t1000\t1000\t60\t0\t1\tDEL\tX\t\t1000\t1000\n"
                           "C\t0\t1000\t2000\t1000\t60\t0\t1\tDEL\tX\t\t400\t200\n"));
    EXPECT_THAT(toml, HasSubstr("name = \"b\"\nx_mm = 500.0\ny_mm = 0.0\n"));
    EXPECT_THAT(toml, HasSubstr("name = \"c\"\nx_mm = 0.0\ny_mm = 1000.0\n"));
}

TEST(DoctorDisplays, what_a_monitor_does_not_tell_is_said) {
    const std::string toml = display_entries(
        parse_output_lines("VGA-1\t0\t0\t960\t960\t60\t0\t0\t\t\t\t0\t0\n"
                           "DP-2\t0\t0\t0\t0\t0\t0\t1\tDEL\tX\t\t500\t300\n"
                           "DP-3\t960\t0\t1920\t1080\t60\t0\t1\tDEL\tX\t\t500\t500\n"));
    EXPECT_THAT(toml, HasSubstr("width_mm = 254.0  # it tells no size"));
    EXPECT_THAT(toml, HasSubstr("output = { connector = \"VGA-1\" }"));
    EXPECT_THAT(toml, HasSubstr("# DP-2 is plugged in, but switched off: xrandr --output DP-2"));
    EXPECT_THAT(toml, Not(HasSubstr("name = \"dp-2\"")));
    EXPECT_THAT(toml, HasSubstr("height_mm = 281.2")) << "square pixels, or check refuses it";
}

TEST(DoctorDisplays, a_picture_that_the_server_turns_is_as_the_desktop_has_it) {
    const std::string toml = display_entries(
        parse_output_lines("DP-1\t0\t0\t1080\t1920\t60\t1\t1\tDEL\tX\t\t600\t340\n"));
    EXPECT_THAT(toml, HasSubstr("width_mm = 340.0\nheight_mm = 600.0\n"));
}

}  // namespace
}  // namespace bw::cli
