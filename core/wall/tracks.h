// SPDX-License-Identifier: Apache-2.0
// Lengths along one axis of a grid. Pure; total: what cannot fit is shrunk evenly.
#pragma once

#include <vector>

#include "core/config/site.h"

namespace bw::wall {

/// What each track takes of `room_mm`. Lengths get what they say, shares divide the rest, and a
/// share that would be less than its minimum gets the minimum instead. Where not even lengths and
/// minima fit, both shrink alike and plain shares get nothing. The sum never exceeds the room.
std::vector<double> track_lengths(const std::vector<config::Track>& tracks, double room_mm);

/// Where each track begins and ends, on the wall, snapped.
struct Edges {
    std::vector<double> begin, end;
};
/// Gaps never take more than half of the length.
Edges lay_out(const std::vector<config::Track>& tracks, double begin, double length, double gap);

}  // namespace bw::wall
