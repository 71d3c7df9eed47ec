// SPDX-License-Identifier: Apache-2.0
// Ways over the schematic roads. WGS84 degrees, kilometres.
#pragma once

#include <cstddef>
#include <vector>

namespace bw::demo_field {

struct GeoPoint {
    double longitude = 0, latitude = 0;
    bool operator==(const GeoPoint&) const = default;
};

double distance_km(GeoPoint a, GeoPoint b);
/// 0 … 360, clockwise from north.
double bearing_deg(GeoPoint from, GeoPoint to);

struct Route {
    std::vector<GeoPoint> points;
    double length_km = 0;
    /// Where one is after `km`, and which way one looks there.
    [[nodiscard]] GeoPoint at(double km, double* heading_deg) const;
};

class Roads {
  public:
    void add(const std::vector<GeoPoint>& line);
    /// The shortest way by road, with a straight piece at either end.
    [[nodiscard]] Route route(GeoPoint from, GeoPoint to) const;

  private:
    struct Edge {
        size_t to;
        double km;
    };
    [[nodiscard]] size_t nearest(GeoPoint point) const;
    void join(size_t a, size_t b);

    std::vector<GeoPoint> nodes_;
    std::vector<std::vector<Edge>> edges_;
};

}  // namespace bw::demo_field
