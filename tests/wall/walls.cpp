// SPDX-License-Identifier: Apache-2.0
#include "tests/wall/walls.h"

#include <random>

#include "core/config/close_up.h"

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

config::Wall random_hall(unsigned seed, bool compensation) {
    constexpr uint32_t sizes[][2] = {{1920, 1080}, {3840, 2160}, {1366, 768}, {832, 448}};
    Random random(seed * 31 + 7);
    config::Wall wall;
    wall.viewing_distance_mm = 3000;
    wall.bezel_compensation = compensation;
    double y = real(random, -500, 500);
    const int rows = whole(random, 1, 3), columns = whole(random, 2, 4);
    for (int row = 0; row < rows; ++row) {
        double x = real(random, -500, 500), lowest = y;
        for (int column = 0; column < columns; ++column) {
            config::Display d;
            d.name = "d" + std::to_string(row) + "-" + std::to_string(column);
            d.rotation = 90U * static_cast<uint32_t>(whole(random, 0, 3));
            const auto& size = sizes[whole(random, 0, 3)];
            const bool turned = d.rotation % 180 != 0;
            d.width_px = size[turned ? 1 : 0];
            d.height_px = size[turned ? 0 : 1];
            const double pitch = real(random, 0.4, 2.5), bezel = real(random, 0, 12);
            d.width_mm = d.width_px * pitch;
            d.height_mm = d.height_px * pitch;
            d.bezel_mm = {bezel, bezel, bezel, bezel};
            d.hang_x_mm = d.x_mm = x + bezel;
            d.hang_y_mm = d.y_mm = y + bezel + real(random, 0, 20);
            x = d.x_mm + d.width_mm + bezel + real(random, 0, 60);
            lowest = std::max(lowest, d.y_mm + d.height_mm + bezel);
            wall.displays.push_back(d);
        }
        y = lowest + real(random, 0, 40);
    }
    if (!compensation) config::close_up(wall.displays);
    return wall;
}

config::Wall even_hall(unsigned seed, bool compensation) {
    Random random(seed * 17 + 3);
    config::Wall wall;
    wall.viewing_distance_mm = 3000;
    wall.bezel_compensation = compensation;
    const double width = real(random, 400, 1900), height = width * 9 / 16;
    const double gap = seed % 3 == 0 ? 0 : real(random, 0.5, 30);
    const double left = real(random, -300, 300), top = real(random, -300, 300);
    const int rows = whole(random, 1, 3);
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < 2 + static_cast<int>(seed % 3); ++column) {
            config::Display d;
            d.name = "d" + std::to_string(row) + "-" + std::to_string(column);
            d.width_px = 960;
            d.height_px = 540;
            d.width_mm = width;
            d.height_mm = height;
            d.hang_x_mm = d.x_mm = left + column * (width + gap);
            d.hang_y_mm = d.y_mm = top + row * (height + gap);
            wall.displays.push_back(d);
        }
    if (!compensation) config::close_up(wall.displays);
    return wall;
}

}  // namespace bw::wall::test
