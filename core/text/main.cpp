// SPDX-License-Identifier: Apache-2.0
// beaconwall-glyphs OUT SCALE: bakes the glyph atlas. Exits 0, or 1 with a line that says what is
// missing.
#include <cstdio>
#include <cstdlib>

#include "core/text/atlas.h"

int main(int argc, char** argv) {
    char* end = nullptr;
    double scale = argc == 3 ? std::strtod(argv[2], &end) : 0;
    if (argc != 3 || *end != '\0' || !(scale > 0)) {
        std::fprintf(stderr, "usage: beaconwall-glyphs OUT SCALE (pixels per logical unit)\n");
        return 2;
    }
    auto status = bw::text::bake(argv[1], scale);
    if (status) return 0;
    std::fprintf(stderr, "glyphs: %s\n", status.error().text.c_str());
    return 1;
}
