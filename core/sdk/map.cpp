// SPDX-License-Identifier: Apache-2.0
#include "beaconwall/sdk/map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "frame.h"

namespace bw::sdk {
namespace {

constexpr double kDegree = 3.14159265358979323846 / 180;
constexpr double kKmPerDegree = 111.32;
constexpr float kPlaceUnits = 4;      // a town's dot
constexpr float kPlaceFarUnits = 14;  // how far off its name may stand
// Marks smaller than this are many: the name of a place may stand on them.
constexpr float kSmallUnits = 6;

struct Extent {
    double west = 1e9, south = 1e9, east = -1e9, north = -1e9;
    void add(LonLat p) {
        if (!std::isfinite(p.longitude) || !std::isfinite(p.latitude)) return;
        west = std::min(west, p.longitude);
        east = std::max(east, p.longitude);
        south = std::min(south, p.latitude);
        north = std::max(north, p.latitude);
    }
};

struct Projection {
    Rect area;
    LonLat middle{};
    double pixels_per_km = 1;

    [[nodiscard]] Point operator()(LonLat p) const {
        double east =
            (p.longitude - middle.longitude) * kKmPerDegree * std::cos(middle.latitude * kDegree);
        double north = (p.latitude - middle.latitude) * kKmPerDegree;
        return {area.centre().x + static_cast<float>(east * pixels_per_km),
                area.centre().y - static_cast<float>(north * pixels_per_km)};
    }
    [[nodiscard]] std::vector<Point> all(const std::vector<LonLat>& points) const {
        std::vector<Point> out;
        out.reserve(points.size());
        for (LonLat p : points) out.push_back((*this)(p));
        return out;
    }
};

Extent extent_of(const Map& map) {
    Extent extent;
    bool given = map.north_east.longitude > map.south_west.longitude;
    if (given) {
        extent.add(map.south_west);
        extent.add(map.north_east);
        return extent;
    }
    for (const Map::Area& area : map.areas)
        for (LonLat p : area.ring) extent.add(p);
    for (const Map::Line& line : map.lines)
        for (LonLat p : line.points) extent.add(p);
    for (const Map::Symbol& symbol : map.symbols) extent.add(symbol.at);
    return extent;
}

Projection project(const Rect& area, const Extent& extent, float margin) {
    Projection projection;
    projection.area = area;
    projection.middle = {(extent.west + extent.east) / 2, (extent.south + extent.north) / 2};
    double wide =
        (extent.east - extent.west) * kKmPerDegree * std::cos(projection.middle.latitude * kDegree);
    double high = (extent.north - extent.south) * kKmPerDegree;
    Rect room = area.inset(margin);
    projection.pixels_per_km = std::min(room.w / std::max(wide, 1.0), room.h / std::max(high, 1.0));
    return projection;
}

void draw_view(Ui& ui, const Projection& projection, const Map::Symbol& symbol, Point at) {
    std::vector<Point> fan{at};
    double radius = symbol.range_km * projection.pixels_per_km;
    constexpr int kSteps = 16;
    for (int i = 0; i <= kSteps; ++i) {
        double angle = (symbol.bearing - symbol.view / 2 + symbol.view * i / kSteps) * kDegree;
        fan.push_back({at.x + static_cast<float>(std::sin(angle) * radius),
                       at.y - static_cast<float>(std::cos(angle) * radius)});
    }
    ui.polygon(fan, faded(level_color(symbol.level, token::text3), 0.22f));
}

struct Label {
    const std::string& text;
    Color color;
    float gap_units;  // from the point to the letters
    float far_units;  // how much further off they may stand
};

bool free_at(const Rect& place, const Rect& area, const std::vector<Rect>& taken) {
    bool inside = place.x >= area.x && place.right() <= area.right() && place.y >= area.y &&
                  place.bottom() <= area.bottom();
    return inside && std::none_of(taken.begin(), taken.end(),
                                  [&](const Rect& other) { return enters(other, place); });
}

/// Right, left, above or below the point, wherever it is free, else `far_units` further off; left
/// out if nowhere.
void draw_label(Ui& ui, const Rect& area, const Label& label, Point at, std::vector<Rect>& taken) {
    float w = ui.width(Text::caption, label.text), h = ui.line(Text::caption);
    for (float units : {label.gap_units, label.gap_units + label.far_units}) {
        float gap = ui.u(units);
        for (Point p : {Point{at.x + gap, at.y - h / 2}, Point{at.x - gap - w, at.y - h / 2},
                        Point{at.x - w / 2, at.y - gap - h}, Point{at.x - w / 2, at.y + gap}}) {
            Rect place{p.x, p.y, w, h};
            // The name of a place does not touch what stands there.
            const float air = label.far_units > 0 ? ui.u(2) : 0;
            if (!free_at({p.x - air, p.y, w + 2 * air, h}, area, taken)) continue;
            ui.text_at(place.x, place.y, Text::caption, label.color, label.text);
            taken.push_back(place);
            return;
        }
    }
}

void draw_symbols(Ui& ui, const Projection& projection, const Map& map, const Rect& area) {
    std::vector<Rect> taken;
    for (const Map::Symbol& symbol : map.symbols) {
        Point at = projection(symbol.at);
        if (symbol.range_km > 0) draw_view(ui, projection, symbol, at);
        float r = ui.u(symbol.size_units) / 2;
        taken.push_back({at.x - r, at.y - r, 2 * r, 2 * r});
    }
    // What a bezel hides is no place for letters.
    const auto& bare = ui.keepouts();
    taken.insert(taken.end(), bare.begin(), bare.end());
    for (const Map::Place& place : map.places)
        ui.symbol(projection(place.at), Shape::circle, kPlaceUnits, token::text3);
    // The worst last, so that it lies on top; its label first, so that it has a place.
    std::vector<const Map::Symbol*> order;
    for (const Map::Symbol& symbol : map.symbols) order.push_back(&symbol);
    std::stable_sort(order.begin(), order.end(),
                     [](auto* a, auto* b) { return a->level < b->level; });
    for (const Map::Symbol* symbol : order)
        ui.symbol(projection(symbol->at), symbol->shape, symbol->size_units,
                  level_color(symbol->level, token::text), !symbol->stale);
    for (auto symbol = order.rbegin(); symbol != order.rend(); ++symbol) {
        const Map::Symbol& s = **symbol;
        if (s.label.empty()) continue;
        draw_label(ui, area, {s.label, level_color(s.level), s.size_units / 2 + 4, 0},
                   projection(s.at), taken);
    }
    // Names of places come last: they help to find one's way, and give way to what happens.
    std::vector<Rect> firm(taken.begin() + static_cast<ptrdiff_t>(map.symbols.size()), taken.end());
    for (const Map::Place& place : map.places) {
        const Point at = projection(place.at);
        const float r = ui.u(kPlaceUnits) / 2;
        firm.push_back({at.x - r, at.y - r, 2 * r, 2 * r});
    }
    for (size_t i = 0; i < map.symbols.size(); ++i) {
        if (map.symbols[i].size_units >= kSmallUnits) firm.push_back(taken[i]);
    }
    for (const Map::Place& place : map.places)
        draw_label(ui, area, {place.name, token::text3, kPlaceUnits / 2 + 3, kPlaceFarUnits},
                   projection(place.at), firm);
}

void draw_scale_bar(Ui& ui, const Rect& area, double pixels_per_km) {
    constexpr std::array<double, 10> kLengths{200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2};
    double length = kLengths.back();
    for (double km : kLengths) {
        if (km * pixels_per_km <= area.w * 0.25) {
            length = km;
            break;
        }
    }
    auto wide = static_cast<float>(length * pixels_per_km);
    float x = area.x + ui.u(10), y = area.bottom() - ui.u(10);
    ui.rule({x, y}, {x + wide, y}, token::text2, 2);
    ui.rule({x, y - ui.u(5)}, {x, y}, token::text2, 2);
    ui.rule({x + wide, y - ui.u(5)}, {x + wide, y}, token::text2, 2);
    std::string label =
        length < 1 ? number_text(length * 1000, 0) + " m" : number_text(length, 0) + " km";
    const float line = ui.line(Text::caption);
    const Rect place = moved_off(
        {x + wide + ui.u(8), y - line * 0.8f, ui.width(Text::caption, label), line}, ui.keepouts());
    ui.text_at(place.x, place.y, Text::caption, token::text2, label);
}

}  // namespace

void Ui::map(const Rect& area, const Map& map) {
    Extent extent = extent_of(map);
    if (area.empty() || extent.west > extent.east) return;
    Projection projection = project(area, extent, u(10));
    clipped(area, [&] {
        for (const Map::Area& shape : map.areas) {
            std::vector<Point> ring = projection.all(shape.ring);
            polygon(ring, shape.fill);
            if (!ring.empty()) ring.push_back(ring.front());
            polyline(ring, shape.edge, 1.5f);
        }
        for (const Map::Line& line : map.lines)
            polyline(projection.all(line.points), line.color, line.width_units, line.dashed);
        draw_symbols(*this, projection, map, area);
        draw_scale_bar(*this, area, projection.pixels_per_km);
    });
}

}  // namespace bw::sdk
