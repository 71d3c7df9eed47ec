// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/stage.h"

#include <algorithm>
#include <cstring>

namespace bw::compositor {

using surface::SlotKind;
using wall::RectPx;

namespace {

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

uint64_t next_serial() {
    static uint64_t last = 0;
    return ++last;
}

// The band must hide nothing that a panel says, to its last row: in a space one without a caption
// gets the strip of a caption for it. A camera keeps its size, which it shares with the live wall.
wall::ScenePane with_room_for_band(wall::ScenePane pane, const wall::Scene& scene) {
    pane.caption = pane.caption || (scene.space && pane.kind == wall::Shows::panel);
    return pane;
}

std::string count_key(const wall::ScenePane& pane) {
    return pane.id + "\n" + pane.shows() + "\n" + pane.space;
}

}  // namespace

void add_dirty(std::vector<Dirty>& dirty, const Placement& at, const RectPx& rect) {
    for (const RectPx& seen : at.seen) {
        const RectPx part = wall::intersect(seen, rect);
        if (!part.empty()) dirty.push_back({at.display, part});
    }
}

Stage::Stage(wall::Scene scene, WallContext& context)
    : serial_(next_serial()), scene_(std::move(scene)), context_(context) {
    geometry_.reserve(scene_.panes.size());
    for (const wall::ScenePane& pane : scene_.panes)
        geometry_.push_back(place_tile(with_room_for_band(pane, scene_), context_.wall));
    std::vector<Dirty> all_of_it;
    turn_pages(context_.wall_clock(), all_of_it);
}

Tile Stage::make_tile(size_t index) {
    const wall::ScenePane& pane = scene_.panes[index];
    Tile tile;
    tile.pane = pane;
    tile.index = index;
    tile.geometry = geometry_[index];
    tile.furniture.resize(tile.geometry.placements.size());
    if (pane.kind == wall::Shows::source) {
        surface::VideoCommand command{
            0, 0, tile.geometry.width, tile.geometry.height, fit_of(pane.aspect), 0, {}};
        pane.source.copy(command.source, sizeof(command.source) - 1);
        tile.videos.push_back(make_video(tile, command, 0, {pane.focus_x, pane.focus_y}));
        return tile;
    }
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
    if (scene_.space) wish.clock = scene_.space->clock();
    wish.language = context_.wall.language;
    for (const RectPx& bare : tile.geometry.keepouts)
        wish.keepouts.push_back({bare.x, bare.y, bare.width, bare.height});
    tile.feed = context_.feeds.get(wish);
    adopt_list(tile);  // a shared feed may have its picture already
    tile.drawn = tile.feed->version();
    return tile;
}

VideoTile Stage::make_video(const Tile& tile, const surface::VideoCommand& command, size_t index,
                            const Focus& focus) {
    VideoTile video;
    video.command = command;
    video.command_index = index;
    video.source = source_of(command);
    video.place = place_video(command, tile.geometry.unit_px);
    if (command.fit == surface::Fit::cover) video.focus = focus;
    video.feed = context_.feeds.get(video_wish(video));
    if (!shows_cameras()) video.verdict = no_recording();
    video.drawn = video.feed->version();
    video.furniture.resize(tile.geometry.placements.size());
    return video;
}

Wish Stage::video_wish(const VideoTile& video) const {
    const Size size = demanded_size(video.place.box, context_.most_side);
    Wish wish;
    wish.kind = context_.video_kind;
    wish.width = size.width;
    wish.height = size.height;
    if (!shows_cameras()) return wish;
    wish.peer = context_.feeds.media_for(video.source);
    wish.source = video.source;
    wish.fit = video.command.fit;
    wish.focus = video.focus;
    return wish;
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
    for (Tile& tile : tiles_) put_on_air(tile, on_air);
}

// Counters only grow: a pane that leaves the air leaves its count behind.
void Stage::put_on_air(Tile& tile, bool on_air) {
    Counts& counts = context_.counts[count_key(tile.pane)];
    auto keep = [](uint64_t& one, uint64_t& other) { one = other = std::max(one, other); };
    keep(tile.updates, counts.pane);
    if (tile.feed) tile.feed->set_on_air(on_air);
    for (VideoTile& video : tile.videos) {
        keep(video.updates, counts.videos[video.source]);
        video.feed->set_on_air(on_air);
    }
}

void Stage::collect(std::vector<Dirty>& dirty) {
    for (Tile& tile : tiles_) {
        if (tile.feed && tile.feed->version() != tile.drawn) {
            for (const RectPx& changed : tile.feed->changed_since(tile.drawn)) {
                for (const Placement& at : tile.geometry.placements)
                    add_dirty(dirty, at, wall::intersect(at.covering(changed), at.clip));
            }
            tile.updates += tile.feed->version() - tile.drawn;
            tile.drawn = tile.feed->version();
            adopt_list(tile);
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
        const RectPx box = at.on_display(video.place.box);
        const RectPx part = same ? wall::intersect(box, video.picture_on(at)) : box;
        add_dirty(dirty, at, wall::intersect(part, at.clip));
    }
}

int64_t Stage::judge_all(int64_t now_ns, int64_t forgiven_ns, bool all_lost,
                         std::vector<Dirty>& dirty) {
    int64_t next = 0;
    auto sooner = [&next](int64_t at) {
        if (at != 0 && (next == 0 || at < next)) next = at;
    };
    auto judged = [&](const Feed& feed) {
        Verdict verdict = judge(feed.vouch(), now_ns, forgiven_ns);
        if (all_lost && verdict.freshness != Freshness::error) {
            verdict.freshness = Freshness::lost;
            verdict.reason =
                surface::Reason::none;  // the wall strip says why: nothing restarts here
            verdict.next_try_ns = 0;
        }
        sooner(verdict.changes_at_ns);
        // Ages tick once a second, only where one is shown.
        if (verdict.freshness != Freshness::live)
            sooner(now_ns + base::kSecond - verdict.age_ns % base::kSecond + base::kMillisecond);
        return verdict;
    };
    for (Tile& tile : tiles_) {
        for (VideoTile& video : tile.videos)
            video.verdict = shows_cameras() ? judged(*video.feed) : no_recording();
        tile.verdict = tile.feed ? judged(*tile.feed) : tile.videos.front().verdict;
        if (tile.verdict.freshness != Freshness::error)
            tile.failed_at_wall_ns = 0;
        else if (tile.failed_at_wall_ns == 0)
            tile.failed_at_wall_ns = base::wall_ns();
        refurnish(tile, now_ns, dirty);
    }
    return next;
}

}  // namespace bw::compositor
