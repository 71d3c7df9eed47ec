// SPDX-License-Identifier: Apache-2.0
// gallery_view OUT_DIR: writes a picture of each gallery panel, in both languages.
#include <cstdio>
#include <string>

#include "fake_host.h"
#include "raster.h"

extern "C" const bw_panel_entry_t beaconwall_panel_entry;

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    constexpr float kScale = 1.0f;
    bw::test::FakeHost host(beaconwall_panel_entry, kScale);
    for (const char* id : {"numbers", "rows", "curve", "places", "nothing", "pictures"}) {
        for (const char* language : {"zh", "en"}) {
            bw_panel_t* panel = host.create(id);
            host.configure(panel, 860, 480, kScale, language);
            bw_draw_list_t list{};
            if (!panel->draw(panel, &list)) return 1;
            auto image = bw::test::rasterize(list, host, 860, 480);
            std::string path = std::string(argv[1]) + "/" + id + "-" + language + ".png";
            if (!bw::test::write_png(image, path)) return 1;
            panel->destroy(panel);
        }
    }
    for (const std::string& line : host.log) std::fprintf(stderr, "%s\n", line.c_str());
    return 0;
}
