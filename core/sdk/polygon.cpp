// SPDX-License-Identifier: Apache-2.0
// Ear clipping: outlines of lakes and districts are seldom convex.
#include <algorithm>

#include "frame.h"

namespace bw::sdk {
namespace {

float cross(Point a, Point b, Point c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

float signed_area(const std::vector<Point>& ring) {
    float sum = 0;
    for (size_t i = 0; i < ring.size(); ++i) {
        Point a = ring[i], b = ring[(i + 1) % ring.size()];
        sum += a.x * b.y - b.x * a.y;
    }
    return sum;
}

bool inside(Point p, Point a, Point b, Point c) {
    return cross(a, b, p) >= 0 && cross(b, c, p) >= 0 && cross(c, a, p) >= 0;
}

bool is_ear(const std::vector<Point>& ring, size_t i) {
    size_t n = ring.size();
    Point a = ring[(i + n - 1) % n], b = ring[i], c = ring[(i + 1) % n];
    if (cross(a, b, c) <= 0) return false;
    for (size_t k = 2; k + 1 < n; ++k) {
        Point p = ring[(i + k) % n];
        bool corner = (p.x == a.x && p.y == a.y) || (p.x == c.x && p.y == c.y);
        if (!corner && inside(p, a, b, c)) return false;
    }
    return true;
}

std::vector<Point> without_doubles(const std::vector<Point>& polygon) {
    std::vector<Point> ring;
    for (Point p : polygon) {
        if (ring.empty() || p.x != ring.back().x || p.y != ring.back().y) ring.push_back(p);
    }
    while (ring.size() > 1 && ring.front().x == ring.back().x && ring.front().y == ring.back().y)
        ring.pop_back();
    return ring;
}

}  // namespace

std::vector<Point> triangulate(const std::vector<Point>& polygon) {
    std::vector<Point> ring = without_doubles(polygon), out;
    if (signed_area(ring) < 0) std::reverse(ring.begin(), ring.end());
    size_t i = 0, misses = 0;
    while (ring.size() > 2 && misses < ring.size()) {
        i %= ring.size();
        if (!is_ear(ring, i)) {
            ++i;
            ++misses;
            continue;
        }
        size_t n = ring.size();
        out.insert(out.end(), {ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]});
        ring.erase(ring.begin() + static_cast<ptrdiff_t>(i));
        misses = 0;
    }
    return out;
}

}  // namespace bw::sdk
