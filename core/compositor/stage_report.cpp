// SPDX-License-Identifier: Apache-2.0
// What a stage tells: is it ready, what is wrong with it, what lies where.
#include <algorithm>

#include "core/compositor/stage.h"
#include "core/compositor/words.h"

namespace bw::compositor {

namespace {

// True when nothing more is to be waited for: a picture of its own size, or a reason why there is
// none.
bool complete(const Verdict& verdict, const Feed& feed) {
    if (feed.has_own()) return true;
    const bool borrowed = feed.version() > 0 && verdict.freshness == Freshness::live;
    return !borrowed && verdict.freshness != Freshness::starting;
}

// Something true is seen, be it the same source's picture at another size.
bool shows(const Verdict& verdict, const Feed& feed) {
    return feed.version() > 0 || verdict.freshness != Freshness::starting;
}

// The worst of a pane and its videos makes the strip's list of troubles.
bool in_trouble(Freshness freshness) {
    return freshness != Freshness::live && freshness != Freshness::starting &&
           freshness != Freshness::none;
}

}  // namespace

bool Stage::settled(bool starting_counts) const {
    for (const Tile& tile : tiles_) {
        if (tile.feed && !starting_counts && !complete(tile.verdict, *tile.feed)) return false;
        for (const VideoTile& video : tile.videos) {
            if (!starting_counts && !complete(video.verdict, *video.feed)) return false;
        }
    }
    return true;
}

bool Stage::ready() const {
    return settled(false);
}

std::vector<std::string> Stage::late_panes() const {
    std::vector<std::string> out;
    for (const Tile& tile : tiles_) {
        bool done = !tile.feed || shows(tile.verdict, *tile.feed);
        for (const VideoTile& video : tile.videos) done = done && shows(video.verdict, *video.feed);
        if (!done) out.push_back(tile.pane.id);
    }
    return out;
}

std::vector<PaneReport> Stage::report() const {
    std::vector<PaneReport> out;
    for (const Tile& tile : tiles_) {
        PaneReport pane;
        pane.id = tile.pane.id;
        pane.shows = tile.pane.shows();
        if (!tile.geometry.placements.empty())
            pane.display = context_.wall.displays[tile.geometry.placements.front().display].name;
        pane.verdict = tile.verdict;
        pane.updates = tile.updates;
        const Feed& feed = tile.feed ? *tile.feed : *tile.videos.front().feed;
        pane.text = feed.refusal();
        for (const VideoTile& video : tile.videos)
            pane.videos.push_back({video.source, video.verdict, video.updates});
        out.push_back(std::move(pane));
    }
    return out;
}

std::string Stage::trouble() const {
    std::vector<std::string> names;
    const std::string& language = context_.wall.language;
    for (const Tile& tile : tiles_) {
        if (in_trouble(tile.verdict.freshness)) {
            std::string title = tile.pane.title.in(language);
            names.push_back(title.empty() ? tile.pane.id : title);
        }
        if (!tile.feed) continue;
        for (const VideoTile& video : tile.videos) {
            if (in_trouble(video.verdict.freshness))
                names.push_back(video.source.substr(video.source.find('/') + 1));
        }
    }
    if (names.empty()) return "";
    std::string out = std::to_string(names.size()) + " " + words(language).not_live;
    for (size_t i = 0; i < std::min<size_t>(names.size(), 3); ++i) out += " · " + names[i];
    if (names.size() > 3) out += " …";
    return out;
}

Freshness Stage::worst() const {
    Freshness out = Freshness::live;
    auto add = [&out](Freshness f) {
        if (in_trouble(f)) out = std::max(out, f);
    };
    for (const Tile& tile : tiles_) {
        add(tile.verdict.freshness);
        for (const VideoTile& video : tile.videos) add(video.verdict.freshness);
    }
    return out;
}

const Tile* Stage::at(size_t display, int x, int y) const {
    for (auto tile = tiles_.rbegin(); tile != tiles_.rend(); ++tile) {
        for (const Placement& at : tile->geometry.placements) {
            if (at.display == display && !wall::intersect(at.tile, {x, y, 1, 1}).empty())
                return &*tile;
        }
    }
    return nullptr;
}

}  // namespace bw::compositor
