// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/stage.h"

#include <algorithm>
#include <cstring>

#include "core/base/clock.h"
#include "core/compositor/words.h"

namespace bw::compositor {

using surface::SlotKind;
using wall::RectPx;

namespace {

// True when nothing more is to be waited for: a picture, or a reason why there is none.
bool complete(const Verdict& verdict, const Feed& feed) {
    return feed.version() > 0 || (verdict.freshness != Freshness::starting);
}

std::string source_of(const surface::VideoCommand& command) {
    return {command.source, strnlen(command.source, sizeof(command.source))};
}

bool same_videos(const std::vector<VideoTile>& tiles, const surface::DrawList& list) {
    if (tiles.size() != list.videos.size()) return false;
    for (size_t i = 0; i < tiles.size(); ++i) {
        if (std::memcmp(&tiles[i].command, &list.videos[i], sizeof(surface::VideoCommand)) != 0)
            return false;
    }
    return true;
}

bool overlap(const TileGeometry& a, const TileGeometry& b) {
    for (const Placement& one : a.placements) {
        for (const Placement& other : b.placements) {
            if (one.display == other.display && !wall::intersect(one.tile, other.tile).empty())
                return true;
        }
    }
    return false;
}

// The worst of a pane and its videos makes the strip's list of troubles.
bool in_trouble(Freshness freshness) {
    return freshness != Freshness::live && freshness != Freshness::starting;
}

}  // namespace

Stage::Stage(wall::Scene scene, WallContext& context)
    : scene_(std::move(scene)), context_(context) {
    tiles_.reserve(scene_.panes.size());
    for (const wall::ScenePane& pane : scene_.panes) add_pane(pane);
    for (size_t i = 0; i < tiles_.size(); ++i) {
        for (size_t k = 0; k < i; ++k)
            overlaps_ = overlaps_ || overlap(tiles_[i].geometry, tiles_[k].geometry);
    }
}

void Stage::add_pane(const wall::ScenePane& pane) {
    Tile tile;
    tile.pane = pane;
    tile.geometry = place_tile(pane, context_.wall);
    if (tile.geometry.width <= 0 || tile.geometry.height <= 0) return;
    tile.furniture.resize(tile.geometry.placements.size());
    if (pane.kind == wall::Shows::source) {
        surface::VideoCommand command{
            0, 0, tile.geometry.width, tile.geometry.height, surface::Fit::contain, 0, {}};
        pane.source.copy(command.source, sizeof(command.source) - 1);
        tile.videos.push_back(make_video(tile, command, 0));
    } else {
        Wish wish;
        wish.peer = "panel:" + pane.plugin;
        wish.kind = SlotKind::draw_list;
        wish.width = tile.geometry.width;
        wish.height = tile.geometry.height;
        wish.unit_px = static_cast<float>(tile.geometry.unit_px);
        wish.pane = pane.id;
        wish.panel = pane.panel;
        wish.settings = pane.settings;
        wish.space = pane.space;
        wish.language = context_.wall.language;
        tile.feed = context_.feeds.get(wish);
        adopt_list(tile);  // a shared feed may have its picture already
        tile.drawn = tile.feed->version();
    }
    tiles_.push_back(std::move(tile));
}

VideoTile Stage::make_video(const Tile& tile, const surface::VideoCommand& command, size_t index) {
    VideoTile video;
    video.command = command;
    video.command_index = index;
    video.source = source_of(command);
    video.place = place_video(command, tile.geometry.unit_px);
    Size size = demanded_size(video.place.box, command.fit);
    Wish wish;
    wish.peer = context_.feeds.media_for(video.source);
    wish.kind = context_.video_kind;
    wish.width = size.width;
    wish.height = size.height;
    wish.source = video.source;
    video.feed = context_.feeds.get(wish);
    video.drawn = video.feed->version();
    video.furniture.resize(tile.geometry.placements.size());
    return video;
}

// Videos follow the newest draw list; those that did not change keep what they have.
void Stage::adopt_list(Tile& tile) {
    const surface::DrawList& list = tile.feed->list();
    std::vector<size_t> index(list.videos.size(), list.commands.size());
    for (size_t i = 0; i < list.commands.size(); ++i) {
        int32_t video = list.commands[i].video;
        if (video >= 0 && static_cast<size_t>(video) < index.size())
            index[static_cast<size_t>(video)] = i + 1;
    }
    if (same_videos(tile.videos, list)) {
        for (size_t i = 0; i < index.size(); ++i) tile.videos[i].command_index = index[i];
        return;
    }
    std::vector<VideoTile> old = std::move(tile.videos);
    tile.videos.clear();
    for (size_t i = 0; i < list.videos.size(); ++i) {
        VideoTile video = make_video(tile, list.videos[i], index[i]);
        for (const VideoTile& before : old) {
            if (before.source == video.source) video.updates = before.updates;
        }
        if (on_air_) video.feed->set_on_air(true);
        tile.videos.push_back(std::move(video));
    }
}

void Stage::set_on_air(bool on_air) {
    on_air_ = on_air;
    for (Tile& tile : tiles_) {
        if (tile.feed) tile.feed->set_on_air(on_air);
        for (VideoTile& video : tile.videos) video.feed->set_on_air(on_air);
    }
}

void Stage::collect(std::vector<Dirty>& dirty) {
    for (Tile& tile : tiles_) {
        if (tile.feed && tile.feed->version() != tile.drawn) {
            tile.updates += tile.feed->version() - tile.drawn;
            tile.drawn = tile.feed->version();
            adopt_list(tile);
            for (const Placement& at : tile.geometry.placements)
                dirty.push_back({at.display, at.clip});
        }
        for (VideoTile& video : tile.videos) {
            if (video.feed->version() != video.drawn) collect_video(tile, video, dirty);
        }
    }
}

void Stage::collect_video(Tile& tile, VideoTile& video, std::vector<Dirty>& dirty) {
    const uint64_t news = video.feed->version() - video.drawn;
    video.updates += news;
    if (!tile.feed) tile.updates += news;
    video.drawn = video.feed->version();
    // The letterbox beside a picture of the same size stands already.
    const Size size = video.feed->picture_size();
    const bool same = size == video.picture;
    video.picture = size;
    for (const Placement& at : tile.geometry.placements) {
        RectPx box = at.on_display(video.place.box);
        RectPx part = same ? wall::intersect(box, picture_rect(box, video.command.fit, size)) : box;
        dirty.push_back({at.display, wall::intersect(part, at.clip)});
    }
}

int64_t Stage::judge_all(int64_t judged_now_ns, int64_t now_ns, bool all_lost,
                         std::vector<Dirty>& dirty) {
    int64_t next = 0;
    auto sooner = [&next](int64_t at) {
        if (at != 0 && (next == 0 || at < next)) next = at;
    };
    auto judged = [&](const Feed& feed) {
        Verdict verdict = judge(feed.vouch(), judged_now_ns);
        if (all_lost && verdict.freshness != Freshness::error) {
            verdict.freshness = Freshness::lost;
            verdict.reason =
                surface::Reason::none;  // the wall strip says why: nothing restarts here
            verdict.next_try_ns = 0;
        }
        sooner(verdict.changes_at_ns == 0 ? 0 : verdict.changes_at_ns + (now_ns - judged_now_ns));
        // Ages tick once a second, only where one is shown.
        if (verdict.freshness != Freshness::live)
            sooner(now_ns + base::kSecond - verdict.age_ns % base::kSecond + base::kMillisecond);
        return verdict;
    };
    for (Tile& tile : tiles_) {
        for (VideoTile& video : tile.videos) video.verdict = judged(*video.feed);
        tile.verdict = tile.feed ? judged(*tile.feed) : tile.videos.front().verdict;
        if (tile.verdict.freshness != Freshness::error)
            tile.failed_at_wall_ns = 0;
        else if (tile.failed_at_wall_ns == 0)
            tile.failed_at_wall_ns = base::wall_ns();
        refurnish(tile, now_ns, dirty);
    }
    return next;
}

void Stage::dress(std::vector<Furniture>& furniture, size_t slot, TileLook look, size_t display,
                  std::vector<Dirty>& dirty) const {
    Furniture& worn = furniture[slot];
    if (worn.look == look && !worn.frame.indices.empty()) return;
    if (worn.look == look && worn.over.indices.empty() && look.strip.empty() && !look.edge) return;
    // A caption or an age alone changes the strip; a state changes the picture's surroundings too.
    TileLook same = look;
    same.age = worn.look.age;
    bool only_age = same == worn.look && !look.strip.empty() && look.freshness == Freshness::late;
    dirty.push_back({display, only_age ? look.strip : look.tile});
    worn = draw_tile(look, *context_.atlas);
}

void Stage::refurnish(Tile& tile, int64_t now_ns, std::vector<Dirty>& dirty) const {
    for (size_t i = 0; i < tile.geometry.placements.size(); ++i) {
        const Placement& at = tile.geometry.placements[i];
        dress(tile.furniture, i, look_of(tile, at, now_ns), at.display, dirty);
        if (!tile.feed) continue;  // a source pane's mark is its video's
        for (VideoTile& video : tile.videos)
            dress(video.furniture, i, look_of(tile, video, at, now_ns), at.display, dirty);
    }
}

namespace {

void add_verdict(TileLook& look, const Verdict& verdict, const std::string& refusal,
                 int64_t now_ns) {
    look.freshness = verdict.freshness;
    if (verdict.freshness == Freshness::live || verdict.freshness == Freshness::starting) return;
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

}  // namespace

TileLook Stage::look_of(const Tile& tile, const Placement& at, int64_t now_ns) const {
    TileLook look;
    look.tile = at.tile;
    look.strip = at.strip;
    look.content = at.clip;
    look.unit_px = tile.geometry.unit_px * at.scale;
    look.language = context_.wall.language;
    look.exercise = context_.wall.exercise;
    look.is_source = !tile.feed;
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
    add_verdict(look, video.verdict, video.feed->refusal(), now_ns);
    return look;
}

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
        bool done = !tile.feed || complete(tile.verdict, *tile.feed);
        for (const VideoTile& video : tile.videos)
            done = done && complete(video.verdict, *video.feed);
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
