// SPDX-License-Identifier: Apache-2.0
#include "stations.h"

#include <beaconwall/service/clock.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace bw::flood {
namespace {

using nlohmann::json;

constexpr size_t kForecastSteps = 12;  // three hours

double to(double value, double per_unit) {
    return std::round(value * per_unit) / per_unit;
}

json to_json(const std::vector<std::optional<double>>& points) {
    json list = json::array();
    for (const auto& point : points) list.push_back(point ? json(to(*point, 100)) : json());
    return list;
}

json to_json(const std::vector<double>& points) {
    json list = json::array();
    for (double point : points) list.push_back(to(point, 100));
    return list;
}

/// A reservoir's own two thresholds, in the form that gauges have.
std::vector<Threshold> reservoir_thresholds(const json& row) {
    return {{"limit", "汛限", "flood limit", 2, row.at("limit_m")},
            {"crest", "坝顶", "dam crest", 4, row.at("crest_m")}};
}

std::vector<Threshold> thresholds_of(const json& row) {
    if (row.at("kind") == "reservoir") return reservoir_thresholds(row);
    std::vector<Threshold> thresholds;
    for (const json& entry : row.value("thresholds", json::array())) {
        thresholds.push_back({entry.at("code"), entry.at("name").at("zh"),
                              entry.at("name").at("en"), entry.at("level"), entry.at("level_m")});
    }
    return thresholds;
}

/// The station's own time: the exercise's clock where there is one.
int64_t time_of(const events::Event& event, const json& data) {
    std::string time = data.value("exercise_time", event.time);
    return base::parse_rfc3339(time).value_or(0);
}

json name_of(const Threshold* threshold) {
    if (threshold == nullptr) return nullptr;
    return {{"zh", threshold->zh}, {"en", threshold->en}};
}

}  // namespace

base::Status Stations::load(const std::string& json_text, const char* member) {
    try {
        json document = json::parse(json_text);
        for (json row : document.at(member)) {
            Station station;
            station.id = row.at("id");
            station.kind = row.at("kind");
            station.value = station.kind == "rain" ? "total_mm" : "level_m";
            station.thresholds = thresholds_of(row);
            if (row.contains("curve")) row.at("curve").get_to(station.curve);
            if (station.kind == "reservoir") {
                json list = json::array();
                for (const Threshold& threshold : station.thresholds) {
                    list.push_back({{"code", threshold.code},
                                    {"name", name_of(&threshold)},
                                    {"level", threshold.level},
                                    {"level_m", threshold.level_m}});
                }
                row["thresholds"] = list;
            }
            // What only the exercise needs to play a station is no fact about it.
            for (const char* played :
                 {"share", "lag_h", "rise_m", "rain_mm", "peak_flow_m3s", "inflow_m3s", "curve"}) {
                row.erase(played);
            }
            if (station.kind == "reservoir") row.erase("level_m");
            records_.emplace_back(station.kind + "/" + station.id, row.dump());
            stations_.insert_or_assign(station.id, std::move(station));
        }
    } catch (const json::exception& fault) {
        return base::Error{"invalid", fault.what()};
    }
    return {};
}

void Stations::take(const events::Event& event, const Publish& publish) {
    size_t slash = event.subject.find('/');
    if (slash == std::string::npos) return;
    auto found = stations_.find(std::string_view(event.subject).substr(slash + 1));
    if (found == stations_.end()) return;
    try {
        if (event.type == "beaconwall.field.history.v1" || event.type == kSeriesType) {
            fill(found->second, event);
        } else if (event.type == "beaconwall.field.gauge.v1" ||
                   event.type == "beaconwall.field.reservoir.v1") {
            read(found->second, event, publish);
        }
    } catch (const json::exception&) {
        // A reading that is no reading tells nothing: the station's age says so on the wall.
    }
}

void Stations::fill(Station& station, const events::Event& event) {
    json data = json::parse(event.data);
    const char* member = event.type == kSeriesType ? "points" : station.value.c_str();
    auto end = base::parse_rfc3339(data.at("end").get<std::string>());
    if (!end || !data.contains(member)) return;
    std::vector<std::optional<double>> points;
    for (const json& point : data.at(member)) {
        points.push_back(point.is_number() ? std::optional(point.get<double>()) : std::nullopt);
    }
    station.exercise = station.exercise || data.value("exercise", false);
    int64_t step_ns = data.at("step_s").get<int64_t>() * base::kSecond;
    // Our own series is older than what we know by now, unless we know nothing.
    if (event.type == kSeriesType && !station.history.empty()) return;
    station.history.fill(*end, step_ns, points);
}

void Stations::read(Station& station, const events::Event& event, const Publish& publish) {
    json data = json::parse(event.data);
    double value = data.at(station.value).get<double>();
    int64_t time_ns = time_of(event, data);
    double hours = static_cast<double>(time_ns - station.history.newest_ns()) / 3.6e12;
    bool anew = station.history.empty() || hours < 0;
    bool suspect = !anew && station.kind != "rain" && !plausible(station.last, value, hours);
    station.exercise = data.value("exercise", false);
    // One impossible value is told as such and forgotten; a second one like it is the new truth.
    station.last = value;
    if (!suspect) station.history.add(time_ns, value);

    json state = {{"exercise", station.exercise}, {"suspect", suspect}};
    if (data.contains("exercise_time")) state["exercise_time"] = data["exercise_time"];
    for (const char* member : {"flow_m3s", "rain_mm_h", "inflow_m3s", "outflow_m3s"}) {
        if (data.contains(member)) state[member] = data[member];
    }
    auto rate = station.history.rate_per_hour();
    if (station.kind == "rain") {
        auto sum = [&](int64_t back_hours) {
            auto before = station.history.value_at(time_ns - back_hours * 3600 * base::kSecond);
            return before ? json(to(std::max(0.0, value - *before), 10)) : json();
        };
        state["rain_1h_mm"] = sum(1);
        state["rain_24h_mm"] = sum(24);
    } else {
        Verdict verdict = judge(value, station.thresholds);
        state["level_m"] = to(value, 100);
        state["trend_m_h"] = rate ? json(to(*rate, 100)) : json();
        state["level"] = verdict.level;
        state["reached"] = name_of(verdict.reached);
        state["next"] = name_of(verdict.next);
        state["to_next_m"] = verdict.next != nullptr ? json(to(verdict.to_next_m, 100)) : json();
        auto storage = storage_at(station.curve, value);
        if (storage) state["storage_1e8m3"] = to(*storage, 100);
    }
    events::Event out;
    out.type = kStateType;
    out.subject = station.kind + "/" + station.id;
    out.time = event.time;
    out.data = state.dump();
    publish(std::move(out));
}

void Stations::publish_series(const Publish& publish) {
    for (auto& [id, station] : stations_) {
        if (station.history.empty() || station.history.end_ns() == station.told_end_ns) continue;
        station.told_end_ns = station.history.end_ns();
        json data = {{"step_s", kStepNs / base::kSecond},
                     {"end", base::rfc3339(station.history.end_ns())},
                     {"points", to_json(station.history.series())},
                     {"exercise", station.exercise}};
        Forecast forecast = station.history.extrapolate(kForecastSteps);
        if (station.kind != "rain" && !forecast.points.empty()) {
            data["forecast"] = {{"method", {{"zh", "线性外推"}, {"en", "linear extrapolation"}}},
                                {"points", to_json(forecast.points)},
                                {"low", to_json(forecast.low)},
                                {"high", to_json(forecast.high)}};
        }
        events::Event out;
        out.type = kSeriesType;
        out.subject = station.kind + "/" + id;
        out.data = data.dump();
        publish(std::move(out));
    }
}

}  // namespace bw::flood
