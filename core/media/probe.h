// SPDX-License-Identifier: Apache-2.0
// `beaconwall source probe`: opens one address as a wall would, listens for a few seconds, and says
// what is there.
#pragma once

#include <string>

#include "core/config/site.h"
#include "core/media/receiver.h"

namespace bw::media {

/// What was seen of one stream.
struct Probed {
    std::string trouble;  // empty: it plays
    std::string media, decoder;
    int width = 0, height = 0;
    double connected_s = 0, picture_s = 0;  // from the beginning
    double rate = 0;                        // pictures a second
    double group_s = 0;                     // between key frames; 0: fewer than two came
    double kbits = 0;
    bool camera_clock = false, by_gstreamer = false, raw = false;
    Look look = Look::normal;
    std::vector<std::string> oddities;
};
/// Blocks for some 5 s, or until a second key frame has come, 15 s at most.
Probed probe_stream(const std::string& uri, const config::Secret& login);
/// Where makers put the small stream of a large one; empty: not known.
std::string sub_stream_of(const std::string& uri);
/// Probes the address, and its sub stream if one is found; prints both and lines for cameras.toml.
/// Gives the exit code: 0 it plays, 1 it does not.
int probe(const std::string& uri, const config::Secret& login);

}  // namespace bw::media
