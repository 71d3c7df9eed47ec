// SPDX-License-Identifier: Apache-2.0
// A small map: north up, scale bar, no decoration. Longitude and latitude in degrees (WGS 84),
// drawn equirectangular about the middle latitude.
#pragma once

#include <beaconwall/sdk/ui.h>

#include <string>
#include <vector>

namespace bw::sdk {

struct LonLat {
    double longitude, latitude;
};

struct Map {
    struct Area {
        std::vector<LonLat> ring;
        Color fill = faded(token::line, 0.45f);
        Color edge = token::line;
    };
    struct Line {
        std::vector<LonLat> points;
        Color color = token::series[2];
        float width_units = 1.5f;
        bool dashed = false;
    };
    struct Symbol {
        LonLat at{};
        Shape shape = Shape::circle;
        Level level = Level::none;
        std::string label = {};
        bool stale = false;  // outlined only
        float size_units = 12;
        /// A field of view: bearing and width in degrees, range in km; 0 km: none.
        float bearing = 0, view = 0, range_km = 0;
    };
    /// The name of a town or the like: a dot and quiet letters, left out where there is no room.
    struct Place {
        LonLat at{};
        std::string name = {};
    };
    std::vector<Area> areas = {};
    std::vector<Line> lines = {};
    std::vector<Symbol> symbols = {};
    std::vector<Place> places = {};
    /// What the map shows at least; both zero: all that is on it.
    LonLat south_west{0, 0}, north_east{0, 0};
};

}  // namespace bw::sdk
