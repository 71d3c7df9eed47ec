// SPDX-License-Identifier: Apache-2.0
#include "panel_water.h"

#include <algorithm>
#include <cmath>

namespace bw::flood {

using namespace bw::sdk;

namespace {

/// What a panel writes of a state: an event that changes none of it needs no new picture.
std::string shown(const Json& state) {
    std::string all;
    for (const char* member : {"level_m", "trend_m_h", "to_next_m", "level", "flow_m3s", "suspect",
                               "inflow_m3s", "outflow_m3s", "rain_1h_mm", "rain_24h_mm"}) {
        all += state.text(member) + "|";
    }
    return all;
}

}  // namespace

void WaterPanel::start() {
    subscribe(std::string(kStation) + "/" + kind_ + "/");
    subscribe(std::string(kState) + "/" + kind_ + "/");
}

bool WaterPanel::event(const Event& event) {
    if (event.type == kStation) {
        stations_.put(event, [&] { return event.data(); });
        return true;
    }
    if (event.type != kState) return false;
    const auto* before = states_.find(event.id());
    bool news = before == nullptr || shown(before->value) != shown(event.data());
    states_.put(event, [&] { return event.data(); });
    return news;
}

std::vector<Water> WaterPanel::waters() const {
    std::vector<Water> all;
    for (const auto& [id, station] : stations_) {
        Water water{id, station.value, Json(), 0};
        if (const auto* state = states_.find(id)) {
            water.state = state->value;
            water.time_ns = state->time_ns;
        }
        all.push_back(std::move(water));
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Water& a, const Water& b) { return a.level() > b.level(); });
    return all;
}

std::string WaterPanel::scope() const {
    for (const auto& [id, station] : stations_) {
        if (station.value.flag("synthetic")) return std::string(tr("演练数据", "exercise data"));
    }
    return {};
}

std::string WaterPanel::level_word(const Water& water) const {
    if (water.state.is_null()) return {};
    if (water.state.flag("suspect")) return std::string(tr("读数可疑", "suspect reading"));
    std::string reached = water.state.text_in("reached", language());
    std::string next = water.state.text_in("next", language());
    if (!reached.empty()) return chinese() ? reached + "以上" : "above " + reached;
    if (next.empty()) return {};
    return chinese() ? next + "以下" : "below " + next;
}

std::string WaterPanel::distance(const Water& water) const {
    auto left = water.state.get_number("to_next_m");
    if (!left) return {};
    std::string next = water.state.text_in("next", language());
    return (chinese() ? "距" + next + " " : "to " + next + " ") + number_text(*left, 2) + " m";
}

Trend WaterPanel::trend(const Water& water) const {
    auto rate = water.state.get_number("trend_m_h");
    return rate ? trend_of(*rate, 0.02) : Trend::none;
}

std::string WaterPanel::rate(const Water& water) const {
    auto rate = water.state.get_number("trend_m_h");
    return rate ? signed_text(*rate, 2) + " m/h" : std::string();
}

}  // namespace bw::flood
