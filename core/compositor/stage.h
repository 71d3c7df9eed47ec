// SPDX-License-Identifier: Apache-2.0
// A scene made ready to be drawn: its tiles with their feeds, videos, verdicts and furniture. No GL
// here. The renderer reads it, the director swaps it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/compositor/feed.h"
#include "core/compositor/geometry.h"
#include "core/compositor/messages.h"
#include "core/compositor/tile.h"

namespace bw::compositor {

/// How many new pictures of a pane were drawn; a pane that comes back goes on counting.
struct Counts {
    uint64_t pane = 0;
    std::map<std::string, uint64_t> videos;  // by source
};

/// What every stage of a wall shares. Lives as long as the process.
struct WallContext {
    config::Wall wall;
    const text::Atlas* atlas = nullptr;
    surface::SlotKind video_kind = surface::SlotKind::rgba;
    int most_side = surface::kMaxSide;  // of a video's picture, as the renderer has it
    Feeds feeds;
    std::map<std::string, SourceName> sources;  // by "camera/ID"
    std::map<std::string, Counts> counts;       // by pane and what it shows: what was on air before
    /// The hub's wall clock, ns: what pages are turned by.
    std::function<int64_t()> wall_clock = base::wall_ns;
};

/// A video on a tile's content.
struct VideoTile {
    surface::VideoCommand command{};
    size_t command_index = 0;  // draw commands from here on lie above it
    std::string source;
    VideoBox place;
    Focus focus;
    std::shared_ptr<Feed> feed;
    Verdict verdict;
    uint64_t updates = 0;
    uint64_t drawn = 0;                // version of the feed that was counted
    Size picture;                      // its size then
    std::vector<Furniture> furniture;  // one per placement of the tile

    /// Where its picture is drawn; it may reach beyond its box.
    [[nodiscard]] wall::RectPx picture_on(const Placement& at) const {
        return picture_rect(at.on_display(place.box), command.fit, feed->picture_size(), focus);
    }
};

/// A rectangle of a display that must be drawn again.
struct Dirty {
    size_t display;
    wall::RectPx rect;
};
/// Adds what is seen of `rect`: what changes below another tile changes nothing on the wall.
void add_dirty(std::vector<Dirty>& dirty, const Placement& at, const wall::RectPx& rect);

struct Tile {
    wall::ScenePane pane;
    size_t index = 0;  // of the pane in the scene
    TileGeometry geometry;
    std::string page;            // "2/3" on the first cell of a grid with pages
    std::shared_ptr<Feed> feed;  // a panel's; none for a source pane, whose one video fills it
    uint64_t drawn = 0;
    std::vector<VideoTile> videos;
    Verdict verdict;
    uint64_t updates = 0;
    int64_t failed_at_wall_ns = 0;     // since when an error card says "since"
    std::vector<Furniture> furniture;  // one per placement
};

/// How long before its turn the sources of a page are opened, so that it turns with live pictures.
inline constexpr int64_t kWarmNs = 3'000'000'000;

class Stage {
  public:
    Stage(wall::Scene scene, WallContext& context);
    /// Brings the panes into sight whose page it is, and warms up those whose turn comes soon.
    /// Returns when to come again (the hub's wall clock; 0: never).
    int64_t turn_pages(int64_t wall_ns, std::vector<Dirty>& dirty);
    /// No two stages of a process have the same.
    [[nodiscard]] uint64_t serial() const { return serial_; }
    [[nodiscard]] const wall::Scene& scene() const { return scene_; }
    [[nodiscard]] wall::Scene& scene() { return scene_; }
    /// What is in sight, in drawing order: panes of other pages, and panes that others hide
    /// altogether, are neither drawn nor demanded nor judged.
    [[nodiscard]] const std::vector<Tile>& tiles() const { return tiles_; }
    /// Panes of the pages that come next: demanded as prepared, not drawn.
    [[nodiscard]] const std::vector<Tile>& warm() const { return warm_; }

    /// Marks feeds as on the air or prepared.
    void set_on_air(bool on_air);
    /// Takes in what the feeds have newly drawn (Feed::pull() ran before); appends what changed.
    void collect(std::vector<Dirty>& dirty);
    /// Judges every tile and redraws furniture whose look changed. `forgiven_ns`: of a StallGuard;
    /// `all_lost`: the supervisor is gone. Returns when to come again (CLOCK_MONOTONIC; 0: only on
    /// news).
    int64_t judge_all(int64_t now_ns, int64_t forgiven_ns, bool all_lost,
                      std::vector<Dirty>& dirty);
    /// Every pane has a complete picture and so have its videos, or their state says why not.
    [[nodiscard]] bool ready() const;
    /// As ready(), where a starting tile counts once `starting_counts`.
    [[nodiscard]] bool settled(bool starting_counts) const;
    /// Panes that are not ready, for `late_panes`.
    [[nodiscard]] std::vector<std::string> late_panes() const;
    [[nodiscard]] std::vector<PaneReport> report() const;
    /// "3 处异常 · 云蒙山 · …"; empty when all is live.
    [[nodiscard]] std::string trouble() const;
    /// Of all tiles that are not live nor starting; live: there is none.
    [[nodiscard]] Freshness worst() const;
    /// The tile at a display's pixel; null: none.
    [[nodiscard]] const Tile* at(size_t display, int x, int y) const;

  private:
    struct Seen {
        size_t index;  // of a pane
        TileGeometry geometry;
    };
    /// Of panes in drawing order, those that are not hidden.
    [[nodiscard]] std::vector<Seen> seen(const std::vector<size_t>& panes) const;
    void show(std::vector<Seen> seen, std::vector<Dirty>& dirty);
    [[nodiscard]] bool is_shown(size_t index) const;
    void warm_up(const std::vector<Seen>& soon);
    void mark_pages();
    Tile take_or_make(size_t index);
    Tile make_tile(size_t index);
    VideoTile make_video(const Tile& tile, const surface::VideoCommand& command, size_t index,
                         const Focus& focus = {});
    /// What is asked of media for it; in a replay nobody is asked, so that there is no way from a
    /// camera to the wall.
    [[nodiscard]] Wish video_wish(const VideoTile& video) const;
    [[nodiscard]] bool shows_cameras() const {
        return !scene_.space || scene_.space->shows_cameras();
    }
    void put_on_air(Tile& tile, bool on_air);
    void adopt_list(Tile& tile);
    void collect_video(Tile& tile, VideoTile& video, std::vector<Dirty>& dirty);
    TileLook look_of(const Tile& tile, const Placement& at, int64_t now_ns) const;
    TileLook look_of(const Tile& tile, const VideoTile& video, const Placement& at,
                     int64_t now_ns) const;
    void dress(Furniture& worn, TileLook look, const Placement& at,
               std::vector<Dirty>& dirty) const;
    void refurnish(Tile& tile, int64_t now_ns, std::vector<Dirty>& dirty) const;

    const uint64_t serial_;
    wall::Scene scene_;
    WallContext& context_;
    std::vector<TileGeometry> geometry_;  // of all panes, as if each were alone
    std::vector<Tile> tiles_, warm_;
    int64_t turned_ns_ = 0, turn_again_ns_ = INT64_MIN;  // the hub's wall clock
    bool on_air_ = false;
};

}  // namespace bw::compositor
