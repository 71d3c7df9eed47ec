// SPDX-License-Identifier: Apache-2.0
#include "danger.h"

#include <algorithm>
#include <cmath>

namespace bw::fire {
namespace {

constexpr double kDegree = 3.14159265358979323846 / 180.0;
constexpr double kKmPerDegree = 111.2;

}  // namespace

Danger danger(double temperature_c, double humidity_pct) {
    double index = humidity_pct / 20 + (27 - temperature_c) / 10;
    if (index > 4) return {1, 0, index, "低", "low"};
    if (index > 3) return {2, 1, index, "较低", "moderate"};
    if (index > 2.5) return {3, 2, index, "较高", "high"};
    if (index > 2) return {4, 3, index, "高", "very high"};
    return {5, 4, index, "极高", "extreme"};
}

double distance_km(Place a, Place b) {
    double shrink = std::cos((a.latitude + b.latitude) / 2 * kDegree);
    return kKmPerDegree * std::hypot((b.longitude - a.longitude) * shrink, b.latitude - a.latitude);
}

double bearing_deg(Place from, Place to) {
    double shrink = std::cos((from.latitude + to.latitude) / 2 * kDegree);
    double east = (to.longitude - from.longitude) * shrink, north = to.latitude - from.latitude;
    double angle = std::atan2(east, north) / kDegree;
    return angle < 0 ? angle + 360 : angle;
}

Place ahead(Place from, double bearing_deg, double distance_km) {
    double degrees = distance_km / kKmPerDegree;
    return {from.longitude +
                degrees * std::sin(bearing_deg * kDegree) / std::cos(from.latitude * kDegree),
            from.latitude + degrees * std::cos(bearing_deg * kDegree)};
}

std::vector<Sight> who_sees(Place place, const std::vector<Camera>& cameras, size_t most) {
    std::vector<Sight> sights;
    for (const Camera& camera : cameras) {
        sights.push_back({camera.id, distance_km(camera.at, place), bearing_deg(camera.at, place)});
    }
    std::stable_sort(sights.begin(), sights.end(),
                     [](const Sight& a, const Sight& b) { return a.distance_km < b.distance_km; });
    if (sights.size() > most) sights.resize(most);
    return sights;
}

}  // namespace bw::fire
