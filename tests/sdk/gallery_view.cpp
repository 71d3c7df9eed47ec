// SPDX-License-Identifier: Apache-2.0
// gallery_view OUT_DIR [SCALE [WIDTH HEIGHT [SETTINGS]]]: writes a picture of each gallery panel,
// in both languages; SCALE pixels are a logical unit.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "fake_host.h"
#include "raster.h"

extern "C" const bw_panel_entry_t beaconwall_panel_entry;

int main(int argc, char** argv) {
    if (argc < 2 || argc == 4 || argc > 6) return 2;
    const float scale = argc > 2 ? std::strtof(argv[2], nullptr) : 1;
    const int width = argc > 3 ? std::atoi(argv[3]) : static_cast<int>(860 * scale);
    const int height = argc > 4 ? std::atoi(argv[4]) : static_cast<int>(480 * scale);
    if (scale <= 0 || width <= 0 || height <= 0) return 2;
    bw::test::FakeHost host(beaconwall_panel_entry, scale);
    for (const char* id :
         {"numbers", "rows", "curve", "places", "times", "alarms", "nothing", "pictures"}) {
        for (const char* language : {"zh", "en"}) {
            bw_panel_t* panel = host.create(id);
            host.configure(panel, static_cast<uint32_t>(width), static_cast<uint32_t>(height),
                           scale, language, argc > 5 ? argv[5] : "{}");
            bw_draw_list_t list{};
            if (!panel->draw(panel, &list)) return 1;
            auto image = bw::test::rasterize(list, host, width, height);
            std::string path = std::string(argv[1]) + "/" + id + "-" + language + ".png";
            if (!bw::test::write_png(image, path)) return 1;
            panel->destroy(panel);
        }
    }
    for (const std::string& line : host.log) std::fprintf(stderr, "%s\n", line.c_str());
    return 0;
}
