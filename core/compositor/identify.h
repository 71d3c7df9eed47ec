// SPDX-License-Identifier: Apache-2.0
// The page on an output that shows no display: which output this is, what is plugged in, and which
// display is expected where. For the people who hang the wall, in both languages.
#pragma once

#include <string>
#include <vector>

#include "core/compositor/tile.h"
#include "core/wall/outputs.h"

namespace bw::compositor {

struct IdentifyLook {
    int width = 0, height = 0;  // of the page, pixels
    std::string connector;
    std::string identity;              // "DEL · DELL U2720Q · ABC"; empty: it tells nothing
    std::string mode;                  // "1920 x 1080, 60 Hz"
    std::string expected;              // the display that belongs here; empty: none is known
    std::vector<std::string> missing;  // displays without an output: "left (DEL · … · DP-1)"
    bool operator==(const IdentifyLook&) const = default;
};

IdentifyLook identify_look(const wall::PluggedOutput& output,
                           const std::vector<config::Display>& displays,
                           const wall::Binding& binding, size_t index);
/// What a display asks for, in words: "DEL · DELL U2720Q · ABC · DP-1"; empty: nothing.
std::string wish_words(const config::Output& wish);
/// The page as a draw list over the whole output.
Strip draw_identify(const IdentifyLook& look, const text::Atlas& atlas);

}  // namespace bw::compositor
