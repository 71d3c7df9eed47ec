// SPDX-License-Identifier: Apache-2.0
#include "tests/wall/walls.h"

#include <random>

namespace bw::wall::test {
namespace {

using Random = std::mt19937;

double real(Random& random, double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
}
int whole(Random& random, int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
}

std::vector<config::Track> tracks(Random& random, double length_mm) {
    std::vector<config::Track> out;
    const int count = whole(random, 1, 5);
    for (int i = 0; i < count; ++i) {
        if (i > 0 && whole(random, 0, 3) == 0)
            out.push_back({real(random, 1, length_mm / 12), config::Track::Unit::millimetres});
        else
            out.push_back({real(random, 0.2, 3), config::Track::Unit::fraction});
    }
    return out;
}

config::Grid filled_grid(Random& random, const config::Display& display, config::Layout& layout) {
    config::Grid grid;
    grid.display = display.name;
    grid.columns = tracks(random, display.width_mm);
    grid.rows = tracks(random, display.height_mm);
    for (size_t row = 0; row < grid.rows.size(); ++row) {
        std::vector<std::string> line;
        for (size_t column = 0; column < grid.columns.size(); ++column) {
            const std::string id = "p" + std::to_string(layout.panes.size());
            // Now and then a cell joins the one on its left.
            if (column > 0 && whole(random, 0, 4) == 0) {
                line.push_back(line.back());
                continue;
            }
            line.push_back(id);
            config::Pane pane;
            pane.id = id;
            pane.shows = "maps/board";
            layout.panes.push_back(pane);
        }
        grid.areas.push_back(line);
    }
    return grid;
}

}  // namespace

config::Wall random_wall(unsigned seed) {
    Random random(seed);
    config::Wall wall;
    wall.viewing_distance_mm = real(random, 2000, 6000);
    double x = real(random, -1000, 1000);
    const int count = whole(random, 1, 4);
    for (int i = 0; i < count; ++i) {
        config::Display display;
        display.name = "d" + std::to_string(i);
        display.width_px = static_cast<uint32_t>(whole(random, 640, 3840));
        display.height_px = static_cast<uint32_t>(whole(random, 480, 2160));
        const double pitch = real(random, 0.6, 2.0);
        display.width_mm = display.width_px * pitch;
        display.height_mm = display.height_px * pitch;
        display.x_mm = x;
        display.y_mm = real(random, -50, 50);
        x += display.width_mm + real(random, 0, 30);
        wall.displays.push_back(display);
    }
    return wall;
}

config::Layout tiling(const config::Wall& wall, unsigned seed, bool on_wall) {
    Random random(seed * 7919 + 1);
    config::Layout layout;
    layout.name = "tiling";
    for (config::Display display : wall.displays) {
        if (on_wall) display.name.clear();
        layout.grids.push_back(filled_grid(random, display, layout));
        if (on_wall) break;
    }
    return layout;
}

config::Site site_of(config::Wall wall, config::Layout layout) {
    config::Site site;
    site.name = "test";
    site.wall = std::move(wall);
    site.wall.first_layout = layout.name;
    site.layouts = {std::move(layout)};
    return site;
}

config::Wall demo_wall() {
    config::Wall wall;
    wall.viewing_distance_mm = 5000;
    wall.displays = {{"left", 0, 0, 1895, 1066, 1920, 1080},
                     {"right", 1915, 0, 1895, 1066, 1920, 1080}};
    return wall;
}

}  // namespace bw::wall::test
