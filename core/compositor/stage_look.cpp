// SPDX-License-Identifier: Apache-2.0
// What the tiles of a stage wear: captions and marks by their verdicts.
#include <algorithm>

#include "core/base/clock.h"
#include "core/compositor/stage.h"
#include "core/compositor/words.h"

namespace bw::compositor {

using wall::RectPx;

void Stage::dress(Furniture& worn, TileLook look, const Placement& at,
                  std::vector<Dirty>& dirty) const {
    if (worn.look == look && worn.drawn) return;
    // A caption or an age alone changes the strip; a state changes the picture's surroundings too.
    TileLook same = look;
    same.age = worn.look.age;
    bool only_age = same == worn.look && !look.strip.empty() && look.freshness == Freshness::late;
    add_dirty(dirty, at, only_age ? look.strip : look.tile);
    worn = draw_tile(look, *context_.atlas);
}

void Stage::refurnish(Tile& tile, int64_t now_ns, std::vector<Dirty>& dirty) const {
    for (size_t i = 0; i < tile.geometry.placements.size(); ++i) {
        const Placement& at = tile.geometry.placements[i];
        dress(tile.furniture[i], look_of(tile, at, now_ns), at, dirty);
        if (!tile.feed) continue;  // a source pane's mark is its video's
        for (VideoTile& video : tile.videos)
            dress(video.furniture[i], look_of(tile, video, at, now_ns), at, dirty);
    }
}

namespace {

void add_verdict(TileLook& look, const Verdict& verdict, const std::string& refusal,
                 int64_t now_ns) {
    look.freshness = verdict.freshness;
    for (const Freshness plain : {Freshness::live, Freshness::starting, Freshness::none})
        if (verdict.freshness == plain) return;
    const Words& w = words(look.language);
    if (verdict.freshness != Freshness::error && verdict.age_ns >= base::kSecond)
        look.age = span_text(verdict.age_ns, look.language);
    if (verdict.freshness == Freshness::late || verdict.freshness == Freshness::frozen) return;
    if (verdict.reason != surface::Reason::none) {
        surface::ReasonWords reason = surface::reason_words(verdict.reason);
        look.reason = look.language == "en" ? reason.en : reason.zh;
    }
    if (!refusal.empty()) look.reason += (look.reason.empty() ? "" : ": ") + refusal;
    if (verdict.next_try_ns > now_ns) {
        std::string wait = span_text(verdict.next_try_ns - now_ns + base::kSecond, look.language);
        look.next = wait + (look.language == "en" ? " " : "") + w.next_try;
    } else if (verdict.freshness == Freshness::error) {
        look.next = w.no_next_try;
    } else if (verdict.reason == surface::Reason::process_gone) {
        look.next = w.will_restart;
    }
}

// One tag a tile: on the display that shows its lower right corner, or most nearly so. On each it
// would lie in the middle of the picture.
bool wears_tag(const Tile& tile, const Placement& at) {
    auto reach = [](const Placement& p) {
        return (p.clip.x + p.clip.width - p.origin_x + p.clip.y + p.clip.height - p.origin_y) /
               p.scale;
    };
    const auto& all = tile.geometry.placements;
    const auto furthest = std::max_element(
        all.begin(), all.end(),
        [&](const Placement& a, const Placement& b) { return reach(a) < reach(b); });
    return &*furthest == &at;
}

bool has_strip(const Tile& tile) {
    const auto& all = tile.geometry.placements;
    return std::any_of(all.begin(), all.end(), [](const Placement& p) { return !p.strip.empty(); });
}

}  // namespace

TileLook Stage::look_of(const Tile& tile, const Placement& at, int64_t now_ns) const {
    TileLook look;
    look.tile = at.tile;
    look.strip = at.strip;
    look.content = at.clip;
    look.unit_px = tile.geometry.unit_px * at.scale;
    look.language = context_.wall.language;
    look.band = band_of(scene_.space);
    look.band_word = has_strip(tile) ? !at.strip.empty() : wears_tag(tile, at);
    look.exercise = look.band == Band::none && context_.wall.exercise && wears_tag(tile, at);
    look.edge = has_edge(tile.pane);
    look.is_source = !tile.feed;
    look.page = tile.page;
    look.has_picture =
        tile.feed ? tile.feed->version() > 0 : tile.videos.front().feed->version() > 0;
    look.name = tile.pane.title.in(look.language);
    if (look.is_source) {
        look.id = tile.pane.source.substr(tile.pane.source.find('/') + 1);
        auto known = context_.sources.find(tile.pane.source);
        if (look.name.empty() && known != context_.sources.end()) {
            look.name = known->second.name.in(look.language);
        }
    } else if (look.name.empty()) {
        look.name = tile.pane.id;
    }
    if (!tile.pane.caption) look.id = look.name = "";  // where there is a strip it is the band's
    if (tile.verdict.freshness == Freshness::error) look.since = clock_text(tile.failed_at_wall_ns);
    const Feed& feed = tile.feed ? *tile.feed : *tile.videos.front().feed;
    add_verdict(look, tile.verdict, feed.refusal(), now_ns);
    return look;
}

TileLook Stage::look_of(const Tile& tile, const VideoTile& video, const Placement& at,
                        int64_t now_ns) const {
    TileLook look;
    auto clipped = [&at](const RectPx& r) { return wall::intersect(at.on_display(r), at.clip); };
    look.content = clipped(video.place.box);
    look.strip = video.place.strip.empty() ? RectPx{} : clipped(video.place.strip);
    look.tile = wall::bounds(look.content, look.strip);
    look.unit_px = tile.geometry.unit_px * at.scale;
    look.language = context_.wall.language;
    look.edge = false;
    look.is_source = true;
    look.has_picture = video.feed->version() > 0;
    look.id = video.source.substr(video.source.find('/') + 1);
    auto known = context_.sources.find(video.source);
    if (known != context_.sources.end()) look.name = known->second.name.in(look.language);
    // A lost panel says so over all that is in it: a second card would lie below the first.
    const Freshness panel = tile.verdict.freshness;
    if (panel == Freshness::lost || panel == Freshness::error)
        look.freshness = Freshness::live;
    else
        add_verdict(look, video.verdict, video.feed->refusal(), now_ns);
    return look;
}

}  // namespace bw::compositor
