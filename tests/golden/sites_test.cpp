// SPDX-License-Identifier: Apache-2.0
// Every layout of every shipped site, as its real panels draw it from recorded events.
#include "tests/golden/sites.h"

#include <gtest/gtest.h>

#include "tests/golden/book.h"

namespace bw::golden {
namespace {

class Site : public ::testing::TestWithParam<std::string> {};

TEST_P(Site, EveryLayoutLooksAsApproved) {
    const ShippedSite& shipped = shipped_site(GetParam());
    ASSERT_FALSE(shipped.site.layouts.empty());
    auto rig = rig_for(shipped);
    for (const config::Layout& layout : shipped.site.layouts) {
        rig->show(wall::resolve(shipped.site, layout));
        std::vector<Picture> pictures = rig->paint();
        for (size_t i = 0; i < pictures.size(); ++i) {
            Book::get().check(picture_name(shipped, layout, shipped.site.wall.displays[i]),
                              shrink(pictures[i], shipped.shrink));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, Site, ::testing::ValuesIn(shipped_sites()), [](const auto& param) {
    std::string name = param.param;
    std::replace_if(
        name.begin(), name.end(),
        [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    return name;
});

}  // namespace
}  // namespace bw::golden
