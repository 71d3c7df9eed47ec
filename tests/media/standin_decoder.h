// SPDX-License-Identifier: Apache-2.0
// A decoder that says it is hardware, for a machine that has none: takes H.264 and gives grey
// pictures, or fails as real ones do.
#pragma once

#include <atomic>
#include <latch>

namespace bw::media::testing {

enum class Standin : int {
    works,
    does_not_start,  // the device is taken
    breaks,          // after three pictures, as when a driver resets
    gives_nothing,   // eats and never answers
    hangs,           // until `standin_release`
};
extern std::atomic<Standin> standin;
extern std::atomic<int> standin_opened;    // how often one was started
extern std::atomic<bool> standin_hanging;  // one hangs
extern std::latch standin_release;

/// Its factory's name.
inline constexpr const char* kStandin = "bwstandindec";
/// Registers it with the highest rank; GStreamer is up already.
void register_standin();

}  // namespace bw::media::testing
