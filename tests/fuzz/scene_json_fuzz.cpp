// SPDX-License-Identifier: Apache-2.0
// A scene that parses has proved its hash and comes back the same from its own text.
#include <cstdlib>

#include "core/wall/scene.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto scene = bw::wall::parse_scene({reinterpret_cast<const char*>(data), size});
    if (!scene) return 0;
    const auto again = bw::wall::parse_scene(bw::wall::to_json(*scene));
    if (!again || again->hash != scene->hash) std::abort();
    return 0;
}
