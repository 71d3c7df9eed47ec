// SPDX-License-Identifier: Apache-2.0
#include "core/wall/scene_space.h"

#include <fmt/format.h>

#include <algorithm>

namespace bw::wall {
namespace {

constexpr size_t kMaxName = 64, kMaxTitle = 256;

bool in_names(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

bool is_title(const std::string& text) {
    return text.size() <= kMaxTitle && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

}  // namespace

const char* space_word(SceneSpace::Kind kind) {
    return kind == SceneSpace::Kind::replay ? "replay" : "exercise";
}

std::string space_fault(const SceneSpace& space) {
    if (space.name.empty() || space.name.size() > kMaxName ||
        !std::all_of(space.name.begin(), space.name.end(), in_names))
        return "the name of a space has 1 to 64 letters, digits and -_.";
    if (space.name == kLiveSpace)
        return "\"live\" is what is real, not an exercise: leave `space` out, or choose another "
               "name";
    if (!is_title(space.title.zh) || !is_title(space.title.en))
        return "the title of space " + space.name +
               " is longer than 256 bytes or has control characters";
    for (const int64_t ns : {space.wall_ns, space.space_ns})
        if (ns < 0 || ns > base::kLastSpaceNs)
            return "the clock of space " + space.name +
                   " does not lie between the years 1970 and 2096 (nanoseconds since 1970)";
    if (!(space.rate >= 0 && space.rate <= base::kMaxSpaceRate))
        return fmt::format("the rate of space {} is {}; allowed: 0 (it stands still) to {}",
                           space.name, space.rate, base::kMaxSpaceRate);
    return {};
}

int64_t space_time(const SceneSpace& space, int64_t hub_wall_ns) {
    return space.clock().at(hub_wall_ns);
}

}  // namespace bw::wall
