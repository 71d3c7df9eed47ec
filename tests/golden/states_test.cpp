// SPDX-License-Identifier: Apache-2.0
// Every state of a tile, in both languages, with what the strip says of it.
#include "tests/golden/states.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/golden/book.h"
#include "tests/golden/sites.h"

namespace bw::golden {
namespace {

TEST(States, EveryTileStateLooksAsApproved) {
    for (const TileState& state : tile_states())
        Book::get().check(state.picture_name(), paint_state(state));
}

TEST(Pictures, NoneIsLeftOver) {
    std::set<std::string> made;
    for (const TileState& state : tile_states()) made.insert(state.picture_name());
    for (const std::string& name : shipped_sites()) {
        const ShippedSite& shipped = shipped_site(name);
        for (const config::Layout& layout : shipped.site.layouts) {
            for (const config::Display& display : shipped.site.wall.displays)
                made.insert(picture_name(shipped, layout, display));
        }
    }
    for (const std::string& name : Book::get().names()) {
        if (made.contains(name)) continue;
        if (Book::get().approving())
            std::filesystem::remove(Book::get().approved(name));
        else
            ADD_FAILURE() << "nothing draws " << Book::get().approved(name) << " any more";
    }
}

}  // namespace
}  // namespace bw::golden
