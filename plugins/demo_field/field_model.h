// SPDX-License-Identifier: Apache-2.0
// What is true in the exercise at a given hour: pure functions of the seed data and of the hour, so
// that the past can be told and a restarted field continues. Hours count from the exercise's begin
// and may be negative (the day before). Not thread-safe to load, safe to read.
#pragma once

#include <beaconwall/service/result.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "field_roads.h"

namespace bw::demo_field {

inline constexpr double kSpeed = 20.0;          // exercise seconds per wall second
inline constexpr double kExerciseHours = 30.0;  // 90 minutes of the wall
inline constexpr const char* kSmokeCamera = "FF-001";

struct Gauge {
    std::string id;
    double bed_m = 0, rise_m = 0, share = 0, lag_h = 0, peak_flow_m3s = 0;
};
struct RainGauge {
    std::string id;
    double total_mm = 0, lag_h = 0;
};
struct Reservoir {
    std::string id;
    double level_m = 0, rise_m = 0, inflow_m3s = 0;
};
struct Team {
    std::string id;
    GeoPoint base;
};
struct Shelf {  // one item in one store
    std::string store, item;
    int64_t pieces = 0;  // at the exercise's begin
};

struct GaugeReading {
    double level_m = 0, flow_m3s = 0, rain_mm_h = 0;
};
struct RainReading {
    double total_mm = 0, rain_mm_h = 0;
};
struct ReservoirReading {
    double level_m = 0, inflow_m3s = 0, outflow_m3s = 0;
};
struct Weather {
    double temperature_c = 0, humidity_pct = 0, wind_ms = 0, wind_deg = 0;
};
struct Smoke {
    bool active = false;
    double bearing_deg = 0, distance_km = 0;
};
/// States in the order of a mission; the words are those on the wire.
enum class Status { standby, turnout, en_route, on_scene, returning };
const char* to_word(Status status);
struct TeamReading {
    Status status = Status::standby;
    GeoPoint at;
    double speed_kmh = 0, heading_deg = 0;
    bool operator==(const TeamReading&) const = default;
};
struct StockReading {
    size_t shelf = 0;
    int64_t pieces = 0;
};

class Exercise {
  public:
    /// Errors: "not_found", "invalid" with the file and what is wrong.
    static base::Result<Exercise> load(const std::filesystem::path& data);

    [[nodiscard]] GaugeReading gauge(const Gauge& gauge, double hour) const;
    [[nodiscard]] RainReading rain(const RainGauge& gauge, double hour) const;
    [[nodiscard]] ReservoirReading reservoir(const Reservoir& reservoir, double hour) const;
    [[nodiscard]] Weather weather(double hour) const;
    [[nodiscard]] Smoke smoke(double hour) const;
    /// One of `crews`, by its place in that list.
    [[nodiscard]] TeamReading crew(size_t index, double hour) const;
    /// The `movement`-th movement of goods since the begin, at that hour.
    [[nodiscard]] StockReading stock(uint64_t movement, double hour) const;
    [[nodiscard]] int64_t pieces(size_t shelf, double hour) const;

    std::vector<Gauge> gauges;
    std::vector<RainGauge> rain_gauges;
    std::vector<Reservoir> reservoirs;
    std::vector<Team> crews;  // those that the exercise sends out; the first is the fire brigade
    std::vector<Shelf> shelves;

  private:
    struct Mission {
        double begin_h = 0, on_scene_h = 0, period_h = 0;
        const Route* route = nullptr;
    };
    [[nodiscard]] double wave(double hour) const;
    [[nodiscard]] Mission mission(size_t crew, double hour) const;
    void plan_routes();

    std::vector<double> wave_;
    double wave_first_h_ = 0, wave_step_h_ = 1;
    std::vector<GeoPoint> places_;
    std::vector<std::vector<Route>> routes_;  // per crew, a handful of destinations
    Roads roads_;
};

/// A number in [0, 1) that depends on its arguments alone.
double hashed(uint64_t a, uint64_t b, uint64_t c = 0);

}  // namespace bw::demo_field
