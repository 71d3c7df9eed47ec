// SPDX-License-Identifier: Apache-2.0
// What of a scene is in sight: pages in turn, and nothing that lies wholly below other tiles.
#include <algorithm>

#include "core/compositor/stage.h"

namespace bw::compositor {

using wall::RectPx;
using wall::ScenePane;

namespace {

constexpr int64_t kMs = 1'000'000;

bool paged(const ScenePane& pane) {
    return pane.pages > 1 && pane.page_ms > 0;
}

bool in_turn(const ScenePane& pane, int64_t wall_ms) {
    if (!paged(pane)) return true;
    const auto page = static_cast<uint64_t>(std::max<int64_t>(wall_ms, 0)) / pane.page_ms;
    return page % pane.pages == pane.page;
}

int64_t next_turn_ms(const ScenePane& pane, int64_t wall_ms) {
    return (std::max<int64_t>(wall_ms, 0) / pane.page_ms + 1) * pane.page_ms;
}

// The moment by which a pane is looked at for warming up: its grid's turn if that is near.
int64_t soon_ms(const ScenePane& pane, int64_t wall_ms) {
    if (!paged(pane)) return wall_ms;
    const int64_t turn = next_turn_ms(pane, wall_ms);
    return (turn - wall_ms) * kMs <= kWarmNs ? turn : wall_ms;
}

bool same_sight(const TileGeometry& a, const TileGeometry& b) {
    return std::equal(a.placements.begin(), a.placements.end(), b.placements.begin(),
                      b.placements.end(),
                      [](const Placement& x, const Placement& y) { return x.seen == y.seen; });
}

// Pictures that came while the tile was only warm were not drawn: they do not count.
void forget_unseen(Tile& tile) {
    for (VideoTile& video : tile.videos) {
        video.drawn = video.feed->version();
        video.picture = video.feed->picture_size();
    }
}

}  // namespace

// Every tile is opaque to its edges: pictures have bars, panels a ground, marks a plate.
std::vector<Stage::Seen> Stage::seen(const std::vector<size_t>& panes) const {
    std::vector<Seen> out;
    for (size_t index : panes) {
        const TileGeometry& geometry = geometry_[index];
        if (geometry.width > 0 && geometry.height > 0) out.push_back({index, geometry});
    }
    std::vector<TileGeometry*> geometries;
    for (Seen& one : out) geometries.push_back(&one.geometry);
    find_seen(geometries);
    std::erase_if(out, [](const Seen& one) {
        return std::all_of(one.geometry.placements.begin(), one.geometry.placements.end(),
                           [](const Placement& at) { return at.seen.empty(); });
    });
    return out;
}

int64_t Stage::turn_pages(int64_t wall_ns, std::vector<Dirty>& dirty) {
    const bool stepped_back = wall_ns < turned_ns_;
    if (turn_again_ns_ == 0 || (wall_ns < turn_again_ns_ && !stepped_back)) return turn_again_ns_;
    const int64_t wall_ms = wall_ns / kMs;
    turned_ns_ = wall_ns;
    turn_again_ns_ = 0;
    std::vector<size_t> now, soon;
    for (size_t i = 0; i < scene_.panes.size(); ++i) {
        const ScenePane& pane = scene_.panes[i];
        if (in_turn(pane, wall_ms)) now.push_back(i);
        if (in_turn(pane, soon_ms(pane, wall_ms))) soon.push_back(i);
        if (!paged(pane)) continue;
        const int64_t turn = next_turn_ms(pane, wall_ms) * kMs, warm = turn - kWarmNs;
        const int64_t next = warm > wall_ns ? warm : turn;
        turn_again_ns_ = turn_again_ns_ == 0 ? next : std::min(turn_again_ns_, next);
    }
    show(seen(now), dirty);
    warm_up(seen(soon));
    return turn_again_ns_;
}

// A tile that is there already, in sight or warm, or a new one.
Tile Stage::take_or_make(size_t index) {
    for (std::vector<Tile>* tiles : {&tiles_, &warm_}) {
        const auto found = std::find_if(tiles->begin(), tiles->end(),
                                        [index](const Tile& t) { return t.index == index; });
        if (found == tiles->end()) continue;
        Tile tile = std::move(*found);
        tiles->erase(found);
        return tile;
    }
    return make_tile(index);
}

void Stage::show(std::vector<Seen> seen, std::vector<Dirty>& dirty) {
    auto soil = [&dirty](const TileGeometry& geometry) {
        for (const Placement& at : geometry.placements) add_dirty(dirty, at, at.tile);
    };
    std::vector<Tile> tiles;
    tiles.reserve(seen.size());
    for (Seen& one : seen) {
        const bool shown = is_shown(one.index);
        Tile tile = take_or_make(one.index);
        if (!shown) {
            forget_unseen(tile);
            soil(one.geometry);
        } else if (!same_sight(tile.geometry, one.geometry)) {
            soil(tile.geometry);
            soil(one.geometry);
        }
        tile.geometry = std::move(one.geometry);
        tiles.push_back(std::move(tile));
    }
    for (Tile& gone : tiles_) {
        soil(gone.geometry);
        if (on_air_) put_on_air(gone, false);
    }
    tiles_ = std::move(tiles);
    if (on_air_) set_on_air(true);
    mark_pages();
}

bool Stage::is_shown(size_t index) const {
    return std::any_of(tiles_.begin(), tiles_.end(),
                       [index](const Tile& t) { return t.index == index; });
}

void Stage::warm_up(const std::vector<Seen>& soon) {
    std::vector<Tile> warm;
    for (const Seen& one : soon) {
        if (!is_shown(one.index)) warm.push_back(take_or_make(one.index));
    }
    warm_ = std::move(warm);
}

// The first cell of a grid is filled on every page: there the mark keeps its place.
void Stage::mark_pages() {
    std::vector<std::string> marked;
    for (Tile& tile : tiles_) {
        tile.page.clear();
        if (!paged(tile.pane)) continue;
        if (std::find(marked.begin(), marked.end(), tile.pane.grid) != marked.end()) continue;
        marked.push_back(tile.pane.grid);
        tile.page = std::to_string(tile.pane.page + 1) + "/" + std::to_string(tile.pane.pages);
    }
}

}  // namespace bw::compositor
