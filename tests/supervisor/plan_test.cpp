// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/plan.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/supervisor/process_table.h"

namespace bw::supervisor {
namespace {

const char* const kPlan = R"({"site": "demo", "folder": "/sites/demo", "title": {"zh": "厅"},
    "language": "en", "glyph_scale": 1.47, "console_port": 9000, "utc_offset_minutes": -210, "restart_budget": 3,
    "restart_window_s": 30, "media": 2, "media_memory_mib": 300, "plugins": [
    {"name": "supplies", "library": "/p/supplies.so", "service": "/p/supplies-service"},
    {"name": "field", "library": "", "service": "/p/field-service"},
    {"name": "clock", "library": "/p/clock.so", "service": ""}]})";

TEST(PlanFile, is_read_whole) {
    auto plan = parse_plan(kPlan);
    ASSERT_TRUE(plan.ok()) << plan.error().text;
    EXPECT_EQ(plan->folder, "/sites/demo");
    EXPECT_EQ(plan->language, "en");
    EXPECT_DOUBLE_EQ(plan->glyph_scale, 1.47);
    EXPECT_EQ(plan->console_port, 9000u);
    EXPECT_EQ(plan->utc_offset_minutes, -210);
    EXPECT_EQ(plan->restart_budget, 3u);
    EXPECT_EQ(plan->media_memory_mib, 300);
    EXPECT_EQ(plan->plugins.size(), 3u);
}

std::string fault(std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    auto plan = parse_plan(text);
    return plan.ok() ? "none" : plan.error().code;
}

TEST(PlanFile, faults_are_errors) {
    EXPECT_EQ(parse_plan("").error().code, "invalid");
    EXPECT_EQ(parse_plan("[1]").error().code, "invalid");
    EXPECT_EQ(fault(kPlan, R"("folder")", R"("f")"), "invalid");
    EXPECT_EQ(fault(kPlan, "1.47", "0"), "invalid");
    EXPECT_EQ(fault(kPlan, "1.47", "\"x\""), "invalid");
    EXPECT_EQ(fault(kPlan, "\"supplies\"", "\"../x\""), "invalid");
    EXPECT_EQ(fault(kPlan, "/p/supplies.so", "supplies.so"), "invalid");
    EXPECT_EQ(fault(kPlan, "/p/clock.so", "/" + std::string(300, 'x')), "invalid");
}

TEST(ProcessTable, stands_in_start_order_and_halves_of_plugins_are_rows_of_their_own) {
    const Processes table = make_table(*parse_plan(kPlan));
    std::vector<std::string> rows;
    for (const auto& process : table) rows.push_back(process->row_name());
    EXPECT_EQ(rows, (std::vector<std::string>{"hub/main", "compositor/main", "media/0", "media/1",
                                              "panel/supplies", "panel/clock", "service/supplies",
                                              "service/field", "console/main"}));
    EXPECT_EQ(table[2]->peer_name(), "media:0");
    EXPECT_EQ(table[4]->peer_name(), "panel:supplies");
    EXPECT_EQ(table[1]->peer_name(), "compositor:main");
    EXPECT_EQ(table[8]->peer_name(), "console");
    EXPECT_EQ(find(table, "plugin/supplies").size(), 2u);
    EXPECT_EQ(find(table, "panel/supplies").size(), 1u);
    EXPECT_TRUE(find(table, "plugin/main").empty());
}

TEST(ProcessTable, rules_run_where_the_site_has_some) {
    std::string text = kPlan;
    text.insert(text.find('{') + 1, "\"rules\": true, ");
    const Processes table = make_table(*parse_plan(text));
    EXPECT_EQ(table.back()->row_name(), "rules/main");
    EXPECT_EQ(table.back()->peer_name(), "rules");
}

base::Result<Orders> read(std::vector<std::string> words) {
    words.insert(words.begin(), "beaconwall-supervisor");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    return read_orders(static_cast<int>(argv.size()), argv.data());
}

TEST(OrdersLine, reads_the_plan_from_its_descriptor_wherever_that_stands) {
    const int fd = memfd_create("plan", 0);
    const std::string text = kPlan;
    ASSERT_EQ(write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    auto orders = read({"--plan-fd", std::to_string(fd), "--run-dir", "/r", "--state-dir", "s",
                        "--site", "/sites/demo", "--headless"});
    ASSERT_TRUE(orders.ok()) << orders.error().text;
    EXPECT_EQ(orders->plan.site, "demo");
    EXPECT_TRUE(orders->headless);
    EXPECT_TRUE(orders->state_dir.is_absolute());
    EXPECT_EQ(close(fd), -1) << "the plan's descriptor must be closed";
}

TEST(OrdersLine, faults_are_errors) {
    EXPECT_FALSE(read({"--run-dir", "/r", "--state-dir", "/s"}).ok());
    EXPECT_FALSE(read({"--plan-fd", "99", "--run-dir", "/r", "--state-dir", "/s"}).ok());
    EXPECT_FALSE(read({"--plan-fd"}).ok());
    EXPECT_FALSE(read({"--colour", "red"}).ok());
}

}  // namespace
}  // namespace bw::supervisor
