// SPDX-License-Identifier: Apache-2.0
#include "core/cli/text_table.h"

#include <gtest/gtest.h>

namespace bw::cli {
namespace {

TEST(TextTable, columns_line_up_though_chinese_is_wider) {
    TextTable table({"NAME", "KEY"});
    table.add({"总览", "F1"});
    table.add({"fire", "F2"});
    table.add({"x", ""});
    EXPECT_EQ(table.text(), "NAME  KEY\n总览  F1\nfire  F2\nx\n");
}

TEST(TextTable, width_is_what_a_terminal_gives) {
    EXPECT_EQ(columns_of(""), 0u);
    EXPECT_EQ(columns_of("abc"), 3u);
    EXPECT_EQ(columns_of("水位"), 4u);
    EXPECT_EQ(columns_of("é→"), 2u);
    EXPECT_EQ(columns_of("\xe6\xb0"), 1u) << "cut text is counted, not read past its end";
}

TEST(TextTable, header_alone_is_empty) {
    EXPECT_TRUE(TextTable({"A"}).empty());
}

}  // namespace
}  // namespace bw::cli
