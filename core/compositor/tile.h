// SPDX-License-Identifier: Apache-2.0
// The furniture of a tile: caption strip, edge, freshness marks, cards. A TileLook says everything
// that is drawn; equal looks are drawn once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/compositor/messages.h"
#include "core/surface/draw_list.h"
#include "core/text/atlas.h"
#include "core/wall/scene.h"

namespace bw::compositor {

/// What tiles and strips wear in a space. It says the same on all of them.
enum class Band { none, exercise, replay };
Band band_of(const std::optional<wall::SceneSpace>& space);
/// "演练", "REPLAY"; empty: no band.
const char* band_word(Band band, const std::string& language);

struct TileLook {
    wall::RectPx tile;     // display pixels; with its edge
    wall::RectPx strip;    // empty: no caption strip
    wall::RectPx content;  // where the picture is
    double unit_px = 1;
    std::string language;
    bool edge = true;        // has_edge() of a pane; videos inside a panel have none
    bool is_source = false;  // a camera rather than a panel
    bool exercise = false;   // the tag of a site whose data is an exercise's; a band stands for it
    Band band = Band::none;
    bool band_word = false;  // here; else its ground alone
    bool has_picture = false;
    std::string id, name;  // the caption: id strong (may be empty), name after it
    std::string page;      // "2/3": of a grid with pages; empty: none
    Freshness freshness = Freshness::starting;
    std::string age;     // "8 秒"; empty: none to tell
    std::string reason;  // why, in words; may be empty
    std::string since;   // "14:05"; error cards
    std::string next;    // what happens next; may be empty
    bool operator==(const TileLook&) const = default;
};

struct Furniture {
    TileLook look;
    surface::DrawList frame;  // on the strip (whose ground the renderer fills) and the edge
    surface::DrawList over;   // marks on the content; often empty
    bool blank = false;       // the renderer fills the content with the tile's ground below `over`
    bool drawn = false;       // by draw_tile
};
Furniture draw_tile(const TileLook& look, const text::Atlas& atlas);

/// What the strip says of the space on air.
struct SpaceWords {
    Band band = Band::none;
    std::string title;
    std::string clock;  // "7 月 21 日 14:05 ×10"; empty: the hall's own
    bool operator==(const SpaceWords&) const = default;
};
SpaceWords space_words(const std::optional<wall::SceneSpace>& space, int64_t hub_wall_ns,
                       const std::string& language);
/// How long until those words change, in the hall's time, ns; 0: they never do.
int64_t space_words_hold_ns(const std::optional<wall::SceneSpace>& space, int64_t hub_wall_ns);

/// The strip along the bottom of each display.
struct StripLook {
    wall::RectPx rect;
    double unit_px = 1;
    std::string language;
    std::string clock, date, site, layout;
    std::string trouble;  // tiles that are not live: count and first names; empty: none
    Freshness worst = Freshness::live;  // of those tiles; picks the mark before the list
    std::string notice;   // about the wall itself: hub away, supervisor gone; instead of trouble
    std::string journal;  // what is wrong with its disk; beside trouble, which it says nothing of
    std::vector<std::string> holds;  // who holds what, in words
    std::string attention;           // what rules raised: count, level, title; empty: none
    int level = 0;                   // 1 to 4: the colour before it
    bool exercise = false;
    SpaceWords space = {};
    bool operator==(const StripLook&) const = default;
};
struct Strip {
    StripLook look;
    surface::DrawList list;
};
/// "主墙 · 值班长占用至 14:30" for each hold that concerns a display: of a zone it belongs to, of
/// itself, or of the whole wall.
std::vector<std::string> hold_texts(const std::vector<Hold>& holds, const config::Wall& wall,
                                    const config::Display& display);
Strip draw_strip(const StripLook& look, const text::Atlas& atlas);

}  // namespace bw::compositor
