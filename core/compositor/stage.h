// SPDX-License-Identifier: Apache-2.0
// A scene made ready to be drawn: its tiles with their feeds, videos, verdicts and furniture. No GL
// here. The renderer reads it, the director swaps it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/compositor/feed.h"
#include "core/compositor/geometry.h"
#include "core/compositor/messages.h"
#include "core/compositor/tile.h"

namespace bw::compositor {

/// What every stage of a wall shares. Lives as long as the process.
struct WallContext {
    config::Wall wall;
    const text::Atlas* atlas = nullptr;
    surface::SlotKind video_kind = surface::SlotKind::rgba;
    Feeds feeds;
    std::map<std::string, SourceName> sources;  // by "camera/ID"
};

/// A video on a tile's content.
struct VideoTile {
    surface::VideoCommand command{};
    size_t command_index = 0;  // draw commands from here on lie above it
    std::string source;
    VideoBox place;
    std::shared_ptr<Feed> feed;
    Verdict verdict;
    uint64_t updates = 0;
    uint64_t drawn = 0;                // version of the feed that was counted
    Size picture;                      // its size then
    std::vector<Furniture> furniture;  // one per placement of the tile
};

struct Tile {
    wall::ScenePane pane;
    TileGeometry geometry;
    std::shared_ptr<Feed> feed;  // a panel's; none for a source pane, whose one video fills it
    uint64_t drawn = 0;
    std::vector<VideoTile> videos;
    Verdict verdict;
    uint64_t updates = 0;
    int64_t failed_at_wall_ns = 0;     // since when an error card says "since"
    std::vector<Furniture> furniture;  // one per placement
};

/// A rectangle of a display that must be drawn again.
struct Dirty {
    size_t display;
    wall::RectPx rect;
};

class Stage {
  public:
    Stage(wall::Scene scene, WallContext& context);
    [[nodiscard]] const wall::Scene& scene() const { return scene_; }
    [[nodiscard]] wall::Scene& scene() { return scene_; }
    [[nodiscard]] const std::vector<Tile>& tiles() const { return tiles_; }

    /// Marks feeds as on the air or prepared.
    void set_on_air(bool on_air);
    /// Takes in what the feeds have newly drawn (Feed::pull() ran before); appends what changed.
    void collect(std::vector<Dirty>& dirty);
    /// Judges every tile and redraws furniture whose look changed. `all_lost`: the supervisor is
    /// gone. Returns when to come again (CLOCK_MONOTONIC; 0: only on news).
    int64_t judge_all(int64_t judged_now_ns, int64_t now_ns, bool all_lost,
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
    /// Some tile lies above another: then they must be drawn one after the other.
    [[nodiscard]] bool overlaps() const { return overlaps_; }
    /// The tile at a display's pixel; null: none.
    [[nodiscard]] const Tile* at(size_t display, int x, int y) const;

  private:
    void add_pane(const wall::ScenePane& pane);
    VideoTile make_video(const Tile& tile, const surface::VideoCommand& command, size_t index);
    void adopt_list(Tile& tile);
    void collect_video(Tile& tile, VideoTile& video, std::vector<Dirty>& dirty);
    TileLook look_of(const Tile& tile, const Placement& at, int64_t now_ns) const;
    TileLook look_of(const Tile& tile, const VideoTile& video, const Placement& at,
                     int64_t now_ns) const;
    void dress(std::vector<Furniture>& furniture, size_t slot, TileLook look, size_t display,
               std::vector<Dirty>& dirty) const;
    void refurnish(Tile& tile, int64_t now_ns, std::vector<Dirty>& dirty) const;

    wall::Scene scene_;
    WallContext& context_;
    std::vector<Tile> tiles_;
    bool on_air_ = false, overlaps_ = false;
};

}  // namespace bw::compositor
