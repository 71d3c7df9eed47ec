// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/plan.h"

#include <algorithm>

#include "core/compositor/pen.h"

namespace bw::compositor {

using wall::RectPx;

namespace {

uint64_t area(const RectPx& r) {
    return r.empty() ? 0 : static_cast<uint64_t>(r.width) * static_cast<uint64_t>(r.height);
}

bool contains(const RectPx& outer, const RectPx& inner) {
    return wall::intersect(outer, inner) == inner;
}

// A part of a tile that must be drawn.
struct Part {
    const Tile& tile;
    const Placement& at;
    size_t slot;     // of the placement
    RectPx rect;     // of the tile
    RectPx content;  // of its content
};

class Planner {
  public:
    explicit Planner(Plan& plan) : plan_(plan) {}

    void part(const Part& part) {
        if (!part.content.empty()) {
            panel(part);
            for (const VideoTile& video : part.tile.videos) picture(video, part);
            for (const VideoTile& video : part.tile.videos) over(video, part);
        }
        grounds(part);
        furniture(part);
    }
    void fill(std::vector<Plan::Fill>& group, const RectPx& rect, uint32_t rgba) {
        if (rect.empty()) return;
        group.push_back({rect, rgba});
        plan_.pixels += area(rect);
    }
    void gather(const surface::DrawList& list, const RectPx& clip);

  private:
    void panel(const Part& part);
    void picture(const VideoTile& video, const Part& part);
    void over(const VideoTile& video, const Part& part);
    void grounds(const Part& part);
    void furniture(const Part& part);

    Plan& plan_;
};

void Planner::panel(const Part& part) {
    const Tile& tile = part.tile;
    if (!tile.feed || tile.feed->version() == 0) return;
    // A video that hides the whole part needs nothing below it.
    for (const VideoTile& video : tile.videos) {
        if (video.feed->version() > 0 &&
            contains(part.at.on_display(video.place.box), part.content))
            return;
    }
    plan_.panels.push_back({tile.feed.get(), &part.at, part.content});
    plan_.pixels += area(part.content);
}

void Planner::picture(const VideoTile& video, const Part& part) {
    const RectPx box = part.at.on_display(video.place.box);
    const RectPx wanted = wall::intersect(box, part.content);
    if (wanted.empty() || video.feed->version() == 0) return;
    const RectPx dest = video.picture_on(part.at);
    const RectPx visible = wall::intersect(dest, wanted);
    // Letterbox: over the panel's own picture, below all pictures.
    if (visible != wanted) {
        for (const RectPx& side : uncovered(wanted, {visible}))
            fill(plan_.sides, side, colour::kGround);
    }
    if (visible.empty()) return;
    plan_.pictures.push_back({video.feed.get(), dest, visible});
    plan_.pixels += area(visible);
}

// What the panel draws after a video lies above it.
void Planner::over(const VideoTile& video, const Part& part) {
    if (!part.tile.feed || video.feed->version() == 0) return;
    const surface::DrawList& list = part.tile.feed->list();
    const RectPx box = wall::intersect(part.at.on_display(video.place.box), part.content);
    if (box.empty() || video.command_index >= list.commands.size()) return;
    plan_.over_videos.push_back({&list, static_cast<double>(part.at.origin_x),
                                 static_cast<double>(part.at.origin_y), part.at.scale, box,
                                 video.command_index, part.tile.feed.get()});
    plan_.pixels += list_area(plan_.over_videos.back());
}

// Opaque ground for captions and empty tiles: a clear costs far less than shading.
void Planner::grounds(const Part& part) {
    auto worn = [&](const Furniture& furniture, const RectPx& within) {
        fill(plan_.grounds, wall::intersect(furniture.look.strip, within), colour::kTile);
        if (furniture.blank)
            fill(plan_.grounds, wall::intersect(furniture.look.content, within), colour::kTile);
    };
    if (part.tile.feed) {
        for (const VideoTile& video : part.tile.videos)
            worn(video.furniture[part.slot], part.content);
    }
    worn(part.tile.furniture[part.slot], part.rect);
}

void Planner::furniture(const Part& part) {
    const Furniture& worn = part.tile.furniture[part.slot];
    if (part.tile.feed && !part.content.empty() && !worn.blank) {
        for (const VideoTile& video : part.tile.videos) {
            const Furniture& own = video.furniture[part.slot];
            gather(own.frame, wall::intersect(own.look.strip, part.content));
            gather(own.over, wall::intersect(own.look.tile, part.content));
        }
    }
    if (part.rect != part.content) gather(worn.frame, part.rect);
    gather(worn.over, part.content);
}

void Planner::gather(const surface::DrawList& list, const RectPx& clip) {
    if (list.indices.empty() || clip.empty()) return;
    const auto base = static_cast<uint32_t>(plan_.furniture.vertices.size());
    const auto first = static_cast<uint32_t>(plan_.furniture.indices.size());
    const size_t before = plan_.furniture.commands.size();
    for (surface::DrawCommand command : list.commands) {
        command.first_index += first;
        command.clip_x0 = std::max(command.clip_x0, static_cast<float>(clip.x));
        command.clip_y0 = std::max(command.clip_y0, static_cast<float>(clip.y));
        command.clip_x1 = std::min(command.clip_x1, static_cast<float>(clip.x + clip.width));
        command.clip_y1 = std::min(command.clip_y1, static_cast<float>(clip.y + clip.height));
        if (command.clip_x0 < command.clip_x1 && command.clip_y0 < command.clip_y1)
            plan_.furniture.commands.push_back(command);
    }
    if (plan_.furniture.commands.size() == before) return;
    plan_.furniture.vertices.insert(plan_.furniture.vertices.end(), list.vertices.begin(),
                                    list.vertices.end());
    for (uint32_t index : list.indices) plan_.furniture.indices.push_back(base + index);
    plan_.pixels += list_area({&list, 0, 0, 1, clip, 0});
}

}  // namespace

void Plan::clear() {
    below.clear();
    panels.clear();
    sides.clear();
    pictures.clear();
    over_videos.clear();
    grounds.clear();
    furniture.vertices.clear();
    furniture.indices.clear();
    furniture.commands.clear();
    pixels = 0;
}

void make_plan(Plan& plan, const Stage* stage, size_t display, std::span<const RectPx> damage,
               const Strip& strip) {
    plan.clear();
    Planner planner(plan);
    // Named, so that a conditional does not copy the tiles: the plan points into them.
    static const std::vector<Tile> none;
    const std::vector<Tile>& shown = stage != nullptr ? stage->tiles() : none;
    std::vector<RectPx> done;
    for (const RectPx& damaged : damage) {
        for (const RectPx& rect : uncovered(damaged, done)) {
            std::vector<RectPx> tiles;
            for (const Tile& tile : shown) {
                for (size_t slot = 0; slot < tile.geometry.placements.size(); ++slot) {
                    const Placement& at = tile.geometry.placements[slot];
                    if (at.display != display) continue;
                    for (const RectPx& seen : at.seen) {
                        const RectPx part = wall::intersect(seen, rect);
                        if (part.empty()) continue;
                        tiles.push_back(part);
                        planner.part({tile, at, slot, part, wall::intersect(at.clip, part)});
                    }
                }
            }
            for (const RectPx& gap : uncovered(rect, tiles))
                planner.fill(plan.below, gap, colour::kGround);
            planner.gather(strip.list, wall::intersect(rect, strip.look.rect));
        }
        done.push_back(damaged);
    }
}

}  // namespace bw::compositor
