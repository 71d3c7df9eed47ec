// SPDX-License-Identifier: Apache-2.0
#include "field_roads.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bw::demo_field {
namespace {

constexpr double kDegree = 3.14159265358979323846 / 180.0;
constexpr double kKmPerDegree = 111.2;
constexpr double kCrossing = 3.0;  // km: the hand-drawn roads miss each other by that much

struct Flat {
    double x, y;
};
Flat flat(GeoPoint from, GeoPoint to) {
    double middle = (from.latitude + to.latitude) / 2 * kDegree;
    return {(to.longitude - from.longitude) * std::cos(middle) * kKmPerDegree,
            (to.latitude - from.latitude) * kKmPerDegree};
}

}  // namespace

double distance_km(GeoPoint a, GeoPoint b) {
    Flat d = flat(a, b);
    return std::hypot(d.x, d.y);
}

double bearing_deg(GeoPoint from, GeoPoint to) {
    Flat d = flat(from, to);
    double angle = std::atan2(d.x, d.y) / kDegree;
    return angle < 0 ? angle + 360 : angle;
}

GeoPoint Route::at(double km, double* heading_deg) const {
    for (size_t i = 1; i < points.size(); ++i) {
        double piece = distance_km(points[i - 1], points[i]);
        if (heading_deg != nullptr) *heading_deg = bearing_deg(points[i - 1], points[i]);
        if (km <= piece && piece > 0) {
            double t = std::max(0.0, km / piece);
            return {points[i - 1].longitude + (points[i].longitude - points[i - 1].longitude) * t,
                    points[i - 1].latitude + (points[i].latitude - points[i - 1].latitude) * t};
        }
        km -= piece;
    }
    return points.empty() ? GeoPoint{} : points.back();
}

void Roads::join(size_t a, size_t b) {
    double km = distance_km(nodes_[a], nodes_[b]);
    edges_[a].push_back({b, km});
    edges_[b].push_back({a, km});
}

void Roads::add(const std::vector<GeoPoint>& line) {
    size_t before = nodes_.size();
    for (size_t i = 0; i < line.size(); ++i) {
        nodes_.push_back(line[i]);
        edges_.emplace_back();
        size_t self = nodes_.size() - 1;
        if (i > 0) join(self - 1, self);
        for (size_t other = 0; other < before; ++other) {
            if (distance_km(nodes_[other], line[i]) < kCrossing) join(other, self);
        }
    }
}

size_t Roads::nearest(GeoPoint point) const {
    size_t best = 0;
    for (size_t i = 1; i < nodes_.size(); ++i) {
        if (distance_km(nodes_[i], point) < distance_km(nodes_[best], point)) best = i;
    }
    return best;
}

Route Roads::route(GeoPoint from, GeoPoint to) const {
    std::vector<GeoPoint> points{from};
    if (!nodes_.empty()) {
        // Dijkstra from the end, so that following `next` goes forwards; fifty nodes need no heap.
        size_t start = nearest(from), goal = nearest(to);
        std::vector<double> cost(nodes_.size(), std::numeric_limits<double>::infinity());
        std::vector<size_t> next(nodes_.size(), goal);
        std::vector<bool> done(nodes_.size(), false);
        cost[goal] = 0;
        for (size_t round = 0; round < nodes_.size(); ++round) {
            size_t node = nodes_.size();
            for (size_t i = 0; i < nodes_.size(); ++i) {
                if (!done[i] && (node == nodes_.size() || cost[i] < cost[node])) node = i;
            }
            if (std::isinf(cost[node])) break;
            done[node] = true;
            for (const Edge& edge : edges_[node]) {
                if (cost[node] + edge.km >= cost[edge.to]) continue;
                cost[edge.to] = cost[node] + edge.km;
                next[edge.to] = node;
            }
        }
        if (!std::isinf(cost[start])) {
            for (size_t node = start; node != goal; node = next[node])
                points.push_back(nodes_[node]);
            points.push_back(nodes_[goal]);
        }
    }
    points.push_back(to);
    Route route{std::move(points), 0};
    for (size_t i = 1; i < route.points.size(); ++i) {
        route.length_km += distance_km(route.points[i - 1], route.points[i]);
    }
    return route;
}

}  // namespace bw::demo_field
