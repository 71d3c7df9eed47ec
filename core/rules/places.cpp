// SPDX-License-Identifier: Apache-2.0
#include "core/rules/places.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

namespace bw::rules {

using nlohmann::json;

namespace {

constexpr double kEarthKm = 6371.0088;
constexpr size_t kMaxPlaces = 100'000;

double radians(double degrees) {
    return degrees * std::numbers::pi / 180;
}

double distance_km(const Position& a, const Position& b) {
    const double up = std::sin(radians(b.latitude - a.latitude) / 2);
    const double along = std::sin(radians(b.longitude - a.longitude) / 2);
    const double h =
        up * up + std::cos(radians(a.latitude)) * std::cos(radians(b.latitude)) * along * along;
    return 2 * kEarthKm * std::asin(std::min(1.0, std::sqrt(h)));
}

/// The point lies on the edge from a to b.
bool on_edge(const std::pair<double, double>& a, const std::pair<double, double>& b, double x,
             double y) {
    constexpr double kTiny = 1e-9;
    const double cross =
        (b.first - a.first) * (y - a.second) - (b.second - a.second) * (x - a.first);
    if (std::abs(cross) > kTiny) return false;
    return x >= std::min(a.first, b.first) - kTiny && x <= std::max(a.first, b.first) + kTiny &&
           y >= std::min(a.second, b.second) - kTiny && y <= std::max(a.second, b.second) + kTiny;
}

/// Counts the edges that a ray to the east crosses.
bool inside_polygon(const std::vector<std::pair<double, double>>& corners, double x, double y) {
    bool in = false;
    for (size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
        const auto& a = corners[i];
        const auto& b = corners[j];
        if (on_edge(a, b, x, y)) return true;
        if ((a.second > y) == (b.second > y)) continue;
        if (x < (b.first - a.first) * (y - a.second) / (b.second - a.second) + a.first) in = !in;
    }
    return in;
}

std::optional<double> number_of(const json& data, const char* key) {
    if (!data.is_object()) return std::nullopt;
    const auto at = data.find(key);
    if (at == data.end() || !at->is_number()) return std::nullopt;
    return at->get<double>();
}

std::optional<Position> said(const json& data) {
    const auto longitude = number_of(data, "longitude"), latitude = number_of(data, "latitude");
    if (!longitude || !latitude) return std::nullopt;
    return Position{*longitude, *latitude};
}

}  // namespace

bool inside(const config::RuleArea& area, const Position& at) {
    if (area.radius_km > 0)
        return distance_km({area.longitude, area.latitude}, at) <= area.radius_km;
    return area.corners.size() >= 3 && inside_polygon(area.corners, at.longitude, at.latitude);
}

Places::Places(const config::Site& site) {
    for (const config::Camera& camera : site.cameras)
        if (camera.longitude && camera.latitude)
            cameras_[camera.id] = {*camera.longitude, *camera.latitude};
}

void Places::hear(const Fact& fact, const json& data) {
    const auto at = said(data);
    if (!at || count_ >= kMaxPlaces) return;
    if (told_[fact.type].insert_or_assign(fact.subject, *at).second) ++count_;
}

std::optional<Position> Places::of(const Fact& fact, const json& data,
                                   const std::string& from) const {
    for (const auto& [type, subjects] : told_) {
        if (from.empty() || type.rfind(from, 0) != 0) continue;
        if (const auto at = subjects.find(fact.subject); at != subjects.end()) return at->second;
    }
    if (const auto at = said(data)) return at;
    const auto camera = cameras_.find(fact.subject);
    if (camera == cameras_.end()) return std::nullopt;
    return camera->second;
}

}  // namespace bw::rules
