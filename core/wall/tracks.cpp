// SPDX-License-Identifier: Apache-2.0
#include "core/wall/tracks.h"

#include <algorithm>

#include "core/wall/snap.h"

namespace bw::wall {
namespace {

using config::Track;

bool is_fixed(const Track& track) {
    return track.unit == Track::Unit::millimetres;
}

/// The least that a track takes where there is room.
double least(const Track& track) {
    return is_fixed(track) ? track.value : track.minimum_mm;
}

/// Millimetres per share. Each round pins the tracks whose share is under their minimum; that takes
/// from the others, so it may pin more, and ends when a round pins none.
double share_mm(const std::vector<Track>& tracks, double room_mm) {
    std::vector<bool> pinned(tracks.size());
    for (size_t i = 0; i < tracks.size(); ++i) pinned[i] = is_fixed(tracks[i]);
    for (;;) {
        double rest = room_mm, shares = 0;
        for (size_t i = 0; i < tracks.size(); ++i)
            pinned[i] ? rest -= least(tracks[i]) : shares += tracks[i].value;
        if (shares <= 0) return 0;
        const double share = std::max(rest, 0.0) / shares;
        bool more = false;
        for (size_t i = 0; i < tracks.size(); ++i) {
            if (pinned[i] || share * tracks[i].value >= tracks[i].minimum_mm) continue;
            pinned[i] = more = true;
        }
        if (!more) return share;
    }
}

}  // namespace

std::vector<double> track_lengths(const std::vector<Track>& tracks, double room_mm) {
    double needed = 0;
    for (const Track& track : tracks) needed += least(track);
    const double shrink = needed > room_mm ? std::max(room_mm, 0.0) / needed : 1;
    const double share = shrink < 1 ? 0 : share_mm(tracks, room_mm);
    std::vector<double> lengths;
    for (const Track& track : tracks)
        lengths.push_back(is_fixed(track) ? track.value * shrink
                                          : std::max(share * track.value, least(track) * shrink));
    return lengths;
}

Edges lay_out(const std::vector<Track>& tracks, double begin, double length, double gap) {
    const double gaps = tracks.empty() ? 0 : static_cast<double>(tracks.size() - 1);
    if (gaps > 0) gap = std::min(gap, std::max(length, 0.0) / (2 * gaps));
    Edges edges;
    double at = begin;
    for (const double each : track_lengths(tracks, std::max(length - gap * gaps, 0.0))) {
        edges.begin.push_back(snap(at));
        at += each;
        edges.end.push_back(snap(at));
        at += gap;
    }
    return edges;
}

}  // namespace bw::wall
