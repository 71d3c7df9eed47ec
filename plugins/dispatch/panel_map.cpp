// SPDX-License-Identifier: Apache-2.0
#include "panel_map.h"

#include <algorithm>
#include <cmath>

namespace bw::dispatch {

using namespace bw::sdk;

namespace {

constexpr int64_t kStaleNs = 120'000'000'000;

LonLat place_of(const Json& data) {
    return {data.number("longitude"), data.number("latitude")};
}
bool has_place(const Json& data) {
    return data.has("longitude") && data.has("latitude");
}

std::vector<LonLat> points_of(const Json& shape) {
    std::vector<LonLat> points;
    shape.each("points", [&](const Json& point) {
        points.push_back({point.at(size_t{0}).number(""), point.at(size_t{1}).number("")});
    });
    return points;
}

}  // namespace

void WhereMap::start() {
    for (const char* prefix :
         {"beaconwall.dispatch.map.v1/", "beaconwall.dispatch.team.v1/",
          "beaconwall.dispatch.position.v1/", "beaconwall.supplies.stock.v1/store/",
          "beaconwall.source.v1/camera/", "beaconwall.flood.station.v1/gauge/",
          "beaconwall.flood.state.v1/gauge/"}) {
        subscribe(prefix);
    }
}

/// The map shows the district: rivers go on beyond it.
void WhereMap::frame(const std::vector<LonLat>& ring) {
    if (ring.empty()) return;
    LonLat low = ring.front(), high = ring.front();
    for (LonLat point : ring) {
        low = {std::min(low.longitude, point.longitude), std::min(low.latitude, point.latitude)};
        high = {std::max(high.longitude, point.longitude), std::max(high.latitude, point.latitude)};
    }
    outline_.south_west = low;
    outline_.north_east = high;
}

void WhereMap::take_map(const Json& map) {
    outline_ = Map();
    note_ = map.text_in("note", language());
    map.each("shapes", [&](const Json& shape) {
        std::string kind = shape.text("kind");
        std::vector<LonLat> points = points_of(shape);
        if (points.empty()) return;
        if (kind == "boundary") {
            frame(points);
            outline_.areas.push_back({.ring = points, .fill = token::raised, .edge = token::text3});
        } else if (kind == "lake") {
            outline_.areas.push_back(
                {.ring = points, .fill = faded(token::series[2], 0.5f), .edge = token::series[2]});
        } else if (kind == "island") {
            outline_.areas.push_back(
                {.ring = points, .fill = token::raised, .edge = token::series[2]});
        } else if (kind == "river") {
            outline_.lines.push_back(
                {.points = points, .color = token::series[2], .width_units = 1.5f});
        } else if (kind == "town") {
            std::string english = shape.text("name_en");
            bool plain = chinese() || english.empty();
            outline_.places.push_back({points.front(), plain ? shape.text("name") : english});
        } else if (kind == "road") {
            outline_.lines.push_back(
                {.points = points, .color = token::line, .width_units = 1.5f, .dashed = true});
        }
    });
}

bool WhereMap::take_team(const Event& event) {
    if (event.type == kTeam) {
        teams_.put(event, [&] { return event.data(); });
        exercise_ = exercise_ || event.data().flag("exercise");
        return true;
    }
    const auto* before = positions_.find(event.id());
    bool moved =
        before == nullptr ||
        std::hypot(before->value.number("longitude") - event.data().number("longitude"),
                   before->value.number("latitude") - event.data().number("latitude")) > 2e-4;
    // Where it was when it last was drawn, so that small steps add up.
    if (moved) {
        positions_.put(event, [&] { return event.data(); });
    } else {
        Json kept = before->value;
        positions_.put(event, [&] { return kept; });
    }
    // One picture for all the teams that move in the same moment.
    return moved && (event.replayed || now_ns() - drawn_ns_ > 700'000'000);
}

bool WhereMap::event(const Event& event) {
    if (event.type == "beaconwall.dispatch.map.v1") {
        take_map(event.data());
        return true;
    }
    if (event.type.substr(0, 20) == "beaconwall.dispatch.") return take_team(event);
    if (event.type == "beaconwall.flood.state.v1") {
        const auto* before = states_.find(event.id());
        bool news =
            before == nullptr || before->value.integer("level") != event.data().integer("level");
        states_.put(event, [&] { return event.data(); });
        return news;
    }
    auto& records = event.type == "beaconwall.source.v1"          ? cameras_
                    : event.type == "beaconwall.flood.station.v1" ? gauges_
                                                                  : stores_;
    bool fresh = records.find(event.id()) == nullptr;
    records.put(event, [&] { return event.data(); });
    return fresh || event.tombstone;
}

void WhereMap::add_teams(Map& map) const {
    for (const auto& [id, team] : teams_) {
        bool out = team.value.text("state") != "standby";
        const auto* position = positions_.find(id);
        bool known = position != nullptr && has_place(position->value);
        if (!known && !has_place(team.value)) continue;
        Map::Symbol symbol;
        symbol.at = place_of(known ? position->value : team.value);
        symbol.shape = Shape::triangle_up;
        symbol.size_units = out ? 15 : 4;
        symbol.stale = out && known && now_ns() - position->time_ns > kStaleNs;
        if (out) symbol.label = team.value.text_in("name", language());
        map.symbols.push_back(std::move(symbol));
    }
}

void WhereMap::add_things(Map& map) const {
    for (const auto& [id, store] : stores_) {
        if (!has_place(store.value)) continue;
        map.symbols.push_back(
            {.at = place_of(store.value), .shape = Shape::square, .size_units = 7});
    }
    for (const auto& [id, camera] : cameras_) {
        if (!has_place(camera.value)) continue;
        map.symbols.push_back(
            {.at = place_of(camera.value), .shape = Shape::half_circle, .size_units = 10});
    }
    for (const auto& [id, gauge] : gauges_) {
        if (!has_place(gauge.value)) continue;
        const auto* state = states_.find(id);
        auto level = static_cast<Level>(state == nullptr ? 0 : state->value.integer("level"));
        map.symbols.push_back(
            {.at = place_of(gauge.value),
             .shape = Shape::triangle_down,
             .level = level,
             .label = level != Level::none ? gauge.value.text_in("name", language()) : "",
             .stale = state == nullptr || now_ns() - state->time_ns > kStaleNs,
             .size_units = 13});
    }
}

/// In a column beside the map, or in one line below it.
void WhereMap::draw_legend(Ui& ui, const Rect& area, bool column) const {
    struct Entry {
        Shape shape;
        float size;
        std::string_view word;
    };
    const Entry entries[] = {{Shape::triangle_up, 15, tr("队伍", "teams")},
                             {Shape::square, 7, tr("仓库", "stores")},
                             {Shape::half_circle, 10, tr("摄像机", "cameras")},
                             {Shape::triangle_down, 13, tr("水位站", "gauges")}};
    Rect rest = area;
    for (const Entry& entry : entries) {
        float width = ui.width(Text::caption, entry.word) + 1;
        Rect place = column ? rest.cut_top(ui.line(Text::caption), ui.u(4))
                            : rest.cut_left(ui.u(22) + width, ui.u(18));
        if (place.w < ui.u(22) + width) break;
        ui.symbol({place.x + ui.u(8), place.centre().y}, entry.shape, entry.size, token::text);
        place.cut_left(ui.u(22));
        ui.text(place, Text::caption, token::text2, entry.word);
    }
    rest.cut_top(column ? ui.u(8) : 0);
    if (column) {
        ui.paragraph(rest, Text::caption, token::text3, note_);
    } else {
        ui.text(rest, Text::caption, token::text3, note_);
    }
}

void WhereMap::draw(Ui& ui) {
    drawn_ns_ = now_ns();
    Rect area = ui.bounds();
    int64_t out = 0;
    for (const auto& [id, team] : teams_) out += team.value.text("state") != "standby" ? 1 : 0;
    std::string count =
        chinese() ? "在外 " + std::to_string(out) + " 队" : std::to_string(out) + " teams out";
    std::string scope(tr("示意", "schematic"));
    if (exercise_) scope += std::string(tr(" · 演练数据", ", exercise data"));
    ui.header(area, {.title = tr("态势图", "Where they are"), .scope = scope, .count = count});
    area = area.inset(ui.u(8));
    Map map = outline_;
    add_things(map);
    add_teams(map);
    if (map.areas.empty() && map.symbols.empty()) {
        return ui.empty(area, tr("暂无地图与队伍数据", "no map, no teams"), now_ns());
    }
    // The district is about as high as wide: on a wide pane the legend stands beside it.
    bool column = area.w > 1.5f * area.h;
    draw_legend(ui,
                column ? area.cut_left(ui.u(118), ui.u(8))
                       : area.cut_bottom(ui.line(Text::caption) * 1.2f, ui.u(4)),
                column);
    ui.map(area, map);
}

}  // namespace bw::dispatch
