// SPDX-License-Identifier: Apache-2.0
// Every state that a tile can be in, on one small wall: cameras with and without a caption, a small
// one, a panel, and a panel with a camera in it.
#pragma once

#include <string>
#include <vector>

#include "tests/golden/rig.h"

namespace bw::golden {

struct TileState {
    compositor::Freshness freshness;
    std::string language = "zh";
    bool exercise = false;
    bool orphaned = false;  // the supervisor is gone: all is lost, and the strip says so
    compositor::Band band = compositor::Band::none;  // in an exercise, in a replay
    bool attention = false;  // rules raised some, and the strip tells the gravest
    /// The name of its approved picture: "states/late.zh".
    [[nodiscard]] std::string picture_name() const;
};
const std::vector<TileState>& tile_states();

/// The one display of that wall.
Picture paint_state(const TileState& state, const Rig::SpoilStage& spoil = {},
                    const Rig::SpoilGlyphs& spoil_glyphs = {});

}  // namespace bw::golden
