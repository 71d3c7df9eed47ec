// SPDX-License-Identifier: Apache-2.0
#include "core/control/arguments.h"

#include <gtest/gtest.h>

namespace bw::control {
namespace {

base::Result<Arguments> parse(std::vector<std::string> words) {
    words.insert(words.begin(), "beaconwall-role");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    return parse_arguments(static_cast<int>(argv.size()), argv.data());
}

TEST(Arguments, all_are_understood) {
    auto a = parse({"--site", "/s", "--run-dir", "/r", "--state-dir", "/t", "--machine", "left",
                    "--headless"});
    ASSERT_TRUE(a.ok());
    EXPECT_EQ(a->site, "/s");
    EXPECT_EQ(a->run_dir, "/r");
    EXPECT_EQ(a->state_dir, "/t");
    EXPECT_EQ(a->machine, "left");
    EXPECT_TRUE(a->headless);
    EXPECT_EQ(a->hub_endpoint(), "ipc:///r/hub.sock");
}

TEST(Arguments, the_machine_is_main_and_windows_are_shown_unless_said) {
    auto a = parse({});
    ASSERT_TRUE(a.ok());
    EXPECT_EQ(a->machine, "main");
    EXPECT_FALSE(a->headless);
}

TEST(Arguments, faults_name_the_argument) {
    auto unknown = parse({"--sight", "/s"});
    ASSERT_FALSE(unknown.ok());
    EXPECT_EQ(unknown.error().code, "invalid");
    EXPECT_NE(unknown.error().text.find("--sight"), std::string::npos);
    auto lacking = parse({"--site"});
    ASSERT_FALSE(lacking.ok());
    EXPECT_NE(lacking.error().text.find("--site"), std::string::npos);
}

}  // namespace
}  // namespace bw::control
