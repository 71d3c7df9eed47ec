// SPDX-License-Identifier: Apache-2.0
// `place` of [rule.when]: a circle, a box, or a polygon.
#include <fmt/core.h>

#include <cmath>

#include "core/config/readers.h"

namespace bw::config {
namespace {

constexpr size_t kMaxCorners = 500;
constexpr const char* kAllowed =
    "allowed: one of { center = [longitude, latitude], radius_km = … }, { box = [west, south, "
    "east, north] } and { polygon = [[longitude, latitude], …] } of 3 to 500 corners, in degrees";

bool is_number(const Node& node) {
    return (node.kind == Node::Kind::integer || node.kind == Node::Kind::real) &&
           std::isfinite(node.number);
}

bool is_point(const Node& x, const Node& y) {
    return is_number(x) && is_number(y) && std::abs(x.number) <= 180 && std::abs(y.number) <= 90;
}

bool is_pair(const Node& node) {
    return node.kind == Node::Kind::array && node.items.size() == 2 &&
           is_point(node.items[0], node.items[1]);
}

bool read_box(const Node& node, RuleArea& area) {
    const auto& at = node.items;
    if (node.kind != Node::Kind::array || at.size() != 4) return false;
    if (!is_point(at[0], at[1]) || !is_point(at[2], at[3])) return false;
    const double west = at[0].number, south = at[1].number, east = at[2].number,
                 north = at[3].number;
    if (west >= east || south >= north) return false;
    area.corners = {{west, south}, {east, south}, {east, north}, {west, north}};
    return true;
}

bool read_polygon(const Node& node, RuleArea& area) {
    if (node.kind != Node::Kind::array) return false;
    if (node.items.size() < 3 || node.items.size() > kMaxCorners) return false;
    for (const Node& corner : node.items) {
        if (!is_pair(corner)) return false;
        area.corners.emplace_back(corner.items[0].number, corner.items[1].number);
    }
    return true;
}

bool read_shape(const Node* center, const Node* box, const Node* polygon, RuleArea& area) {
    if ((center != nullptr) + (box != nullptr) + (polygon != nullptr) != 1) return false;
    if (box) return read_box(*box, area);
    if (polygon) return read_polygon(*polygon, area);
    if (!is_pair(*center)) return false;
    area.longitude = center->items[0].number;
    area.latitude = center->items[1].number;
    return true;
}

}  // namespace

std::optional<RuleArea> read_rule_area(Table& when, Report& report, const Known& known) {
    const Node* node = when.find("place", Node::Kind::table, Need::optional);
    if (!node) return std::nullopt;
    Table table(report, *node, "`place`");
    RuleArea area;
    const Node* center = table.find("center");
    const bool good = read_shape(center, table.find("box"), table.find("polygon"), area);
    if (center) {
        table.find("radius_km", Need::required);
        area.radius_km = table.number("radius_km", {0.001, 20000}, 1);
    } else if (table.find("radius_km")) {
        report.add(fault::rule_no_effect, table.place_of("radius_km"),
                   "found `radius_km` without `center`; allowed: both");
    }
    if (!good)
        report.add(fault::bad_rule_area, node->place,
                   fmt::format("found a place that is none; {}", kAllowed));
    area.from = table.string("from");
    check_rule_type(area.from, table.place_of("from"), report, known);
    table.finish();
    return area;
}

}  // namespace bw::config
