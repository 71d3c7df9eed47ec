// SPDX-License-Identifier: Apache-2.0
// The space that a scene shows when it is not live: an exercise or a replay, with its own clock.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/space_clock.h"
#include "core/config/site.h"

namespace bw::wall {

inline constexpr std::string_view kLiveSpace = "live";

struct SceneSpace {
    enum class Kind { exercise, replay };
    std::string name;  // 1 to 64 of a-z A-Z 0-9 - _ . and not "live"
    Kind kind = Kind::exercise;
    config::Text title;
    int64_t wall_ns = 0, space_ns = 0;  // as base::SpaceClock has them
    double rate = 1;
    bool operator==(const SceneSpace&) const = default;
    [[nodiscard]] base::SpaceClock clock() const { return {wall_ns, space_ns, rate}; }
    /// Cameras show what is now: an exercise may show them, a replay of yesterday never.
    [[nodiscard]] bool shows_cameras() const { return kind == Kind::exercise; }
};

/// "exercise" or "replay".
const char* space_word(SceneSpace::Kind kind);
/// What is wrong with it, in words that say what is allowed; empty: nothing.
std::string space_fault(const SceneSpace& space);
/// What its clock shows when the hub's wall clock shows `hub_wall_ns`. Never overflows.
int64_t space_time(const SceneSpace& space, int64_t hub_wall_ns);

}  // namespace bw::wall
