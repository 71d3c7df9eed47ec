// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "tests/config/site_files.h"

namespace bw::config::test {
namespace {

TEST(TenFaults, all_are_named_at_once_with_number_and_line) {
    const auto loaded = load_site(source_folder() / "tests/config/sites/ten_faults", {});
    std::vector<std::tuple<int, std::string, uint32_t>> found;
    for (const Fault& fault : loaded.faults)
        found.emplace_back(fault.number, fault.file, fault.line);
    const std::vector<std::tuple<int, std::string, uint32_t>> seeded = {
        {1303, "cameras.toml", 3},            // a password in an address
        {1302, "cameras.toml", 7},            // rtmp
        {1205, "layouts/overview.toml", 8},   // an area that is no rectangle
        {1212, "layouts/overview.toml", 14},  // no such camera
        {1215, "layouts/second.toml", 5},     // a track of 1f
        {1213, "layouts/second.toml", 1},     // F1 twice
        {1003, "wall.toml", 2},               // langage
        {1006, "wall.toml", 3},               // minus five metres
        {1104, "wall.toml", 4},               // overvew
        {1103, "wall.toml", 12},              // the right display over the left
    };
    EXPECT_THAT(found, testing::UnorderedElementsAreArray(seeded)) << list(loaded.faults);
}

}  // namespace
}  // namespace bw::config::test
