// SPDX-License-Identifier: Apache-2.0
#include "field_model.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

namespace bw::demo_field {
namespace {

using nlohmann::json;

constexpr size_t kCrews = 32;
constexpr size_t kDestinations = 4;
constexpr size_t kFireCrews = 3;  // the first three answer the smoke
constexpr double kTurnoutHours = 0.12;
constexpr double kDriveKmh = 45;
constexpr double kFirePeriod = 4.0, kFireBegin = 0.25, kFireHours = 2.0;
constexpr GeoPoint kFirePlace{116.7930, 40.5743};

double smooth(double x) {
    x = std::clamp(x, 0.0, 1.0);
    return x * x * (3 - 2 * x);
}

GeoPoint point(const json& row) {
    return {row.at("longitude"), row.at("latitude")};
}

json read(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot be read");
    return json::parse(in);
}

void read_stations(const json& document, Exercise& out) {
    for (const json& row : document.at("stations")) {
        if (row.at("kind") == "gauge") {
            out.gauges.push_back({row.at("id"), row.at("bed_m"), row.at("rise_m"), row.at("share"),
                                  row.at("lag_h"), row.at("peak_flow_m3s")});
        } else {
            out.rain_gauges.push_back({row.at("id"), row.at("rain_mm"), row.at("lag_h")});
        }
    }
}

void read_reservoirs(const json& document, Exercise& out) {
    for (const json& row : document.at("reservoirs")) {
        out.reservoirs.push_back(
            {row.at("id"), row.at("level_m"), row.at("rise_m"), row.at("inflow_m3s")});
    }
}

/// The brigade, the special brigade and the fire stations, then township crews.
void read_teams(const json& document, Exercise& out) {
    for (const char* group : {"district", "township"}) {
        for (const json& row : document.at("teams")) {
            if (row.at("group") == group && out.crews.size() < kCrews) {
                out.crews.push_back({row.at("id"), point(row)});
            }
        }
    }
}

void read_stores(const json& document, Exercise& out) {
    for (const json& row : document.at("stores")) {
        if (row.at("kind") == "departmental") continue;
        const json& stock = row.at("stock");
        for (size_t i = 0; i < std::min<size_t>(stock.size(), 30); ++i) {
            out.shelves.push_back({row.at("id"), stock[i].at(0), stock[i].at(1)});
        }
    }
}

}  // namespace

double hashed(uint64_t a, uint64_t b, uint64_t c) {
    uint64_t x =
        110118 + a * 0x9E3779B97F4A7C15u + b * 0xC2B2AE3D27D4EB4Fu + c * 0x165667B19E3779F9u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return static_cast<double>((x ^ (x >> 31)) >> 11) / 9007199254740992.0;
}

const char* to_word(Status status) {
    switch (status) {
        case Status::turnout:
            return "turnout";
        case Status::en_route:
            return "en_route";
        case Status::on_scene:
            return "on_scene";
        case Status::returning:
            return "returning";
        case Status::standby:
            break;
    }
    return "standby";
}

base::Result<Exercise> Exercise::load(const std::filesystem::path& data) {
    std::string name;
    auto open = [&](const char* file) {
        name = file;
        return read(data / file);
    };
    Exercise exercise;
    try {
        read_stations(open("stations.json"), exercise);
        read_reservoirs(open("reservoirs.json"), exercise);
        read_teams(open("teams.json"), exercise);
        read_stores(open("stores.json"), exercise);
        json wave = open("wave.json");
        exercise.wave_ = wave.at("points").get<std::vector<double>>();
        exercise.wave_first_h_ = wave.at("first_hour");
        exercise.wave_step_h_ = wave.at("step_h");
        json map = open("map.json");
        for (const json& shape : map.at("shapes")) {
            std::vector<GeoPoint> line;
            for (const json& p : shape.at("points")) line.push_back({p.at(0), p.at(1)});
            if (shape.at("kind") == "road") exercise.roads_.add(line);
            if (shape.at("kind") == "town") exercise.places_.push_back(line.at(0));
        }
    } catch (const std::exception& fault) {
        return base::Error{"invalid", (data / name).string() + ": " + fault.what()};
    }
    if (exercise.wave_.size() < 2 || exercise.places_.empty() || exercise.shelves.empty()) {
        return base::Error{"invalid", data.string() + ": no wave, no towns or no stores"};
    }
    exercise.plan_routes();
    return exercise;
}

void Exercise::plan_routes() {
    for (size_t crew = 0; crew < crews.size(); ++crew) {
        std::vector<Route> routes;
        for (size_t n = 0; n < kDestinations; ++n) {
            auto place =
                static_cast<size_t>(hashed(crew, n, 7) * static_cast<double>(places_.size()));
            GeoPoint to = crew < kFireCrews ? kFirePlace : places_[place];
            // Crews beside each other, not upon each other.
            to.longitude += (hashed(crew, n, 8) - 0.5) * 0.016;
            to.latitude += (hashed(crew, n, 9) - 0.5) * 0.012;
            routes.push_back(roads_.route(crews[crew].base, to));
        }
        routes_.push_back(std::move(routes));
    }
}

double Exercise::wave(double hour) const {
    double at = (hour - wave_first_h_) / wave_step_h_;
    at = std::clamp(at, 0.0, static_cast<double>(wave_.size() - 1));
    auto low = std::min(static_cast<size_t>(at), wave_.size() - 2);
    return wave_[low] + (wave_[low + 1] - wave_[low]) * (at - static_cast<double>(low));
}

GaugeReading Exercise::gauge(const Gauge& gauge, double hour) const {
    double share = wave(hour - gauge.lag_h);
    double ripple = 0.008 * std::sin(hour * 61 + gauge.bed_m);  // wind and bow waves
    double rain = 26 * std::exp(-std::pow((hour - gauge.lag_h - 3) / 4.5, 2));
    return {gauge.bed_m + gauge.rise_m * gauge.share * std::pow(share, 0.6) + ripple,
            gauge.peak_flow_m3s * share, rain};
}

RainReading Exercise::rain(const RainGauge& gauge, double hour) const {
    auto total = [&](double h) { return gauge.total_mm * smooth((h - gauge.lag_h + 7) / 15); };
    return {total(hour), (total(hour) - total(hour - 0.1)) / 0.1};
}

ReservoirReading Exercise::reservoir(const Reservoir& reservoir, double hour) const {
    double in = reservoir.inflow_m3s * (0.04 + 0.96 * wave(hour - 1.5));
    return {reservoir.level_m + reservoir.rise_m * smooth((hour + 14) / 50), in,
            reservoir.inflow_m3s * 0.3 * smooth((hour - 2) / 8)};
}

Weather Exercise::weather(double hour) const {
    // The fire's subject plays on the dry western slope, apart from the storm in the north-east.
    double day = std::sin((hour + 6 - 9) / 24 * 2 * 3.14159265358979);
    return {29 + 6 * day, 36 - 14 * day, 4.5 + 2.5 * std::sin(hour * 0.9),
            225 + 20 * std::sin(hour * 0.5)};
}

Smoke Exercise::smoke(double hour) const {
    double into = std::fmod(hour - kFireBegin, kFirePeriod);
    bool active = hour >= kFireBegin && into < kFireHours;
    return {active, 48, 3.2};
}

Exercise::Mission Exercise::mission(size_t crew, double hour) const {
    bool fire = crew < kFireCrews;
    double period = fire ? kFirePeriod : 6.0;
    double phase = fire ? -(kFireBegin + 0.05 + 0.04 * static_cast<double>(crew))
                        : period * hashed(crew, 3, 3);
    double turns = std::floor((hour + phase) / period);
    auto which = static_cast<size_t>(std::fmod(std::fmod(turns, 4) + 4, 4));
    return {turns * period - phase, fire ? 1.1 : 1.2 + 1.6 * hashed(crew, which, 5), period,
            &routes_[crew][which % kDestinations]};
}

TeamReading Exercise::crew(size_t index, double hour) const {
    Mission now = mission(index, hour);
    double drive_h = now.route->length_km / kDriveKmh;
    double into = hour - now.begin_h;
    TeamReading reading{Status::standby, crews[index].base, 0, 0};
    if (index < kFireCrews && now.begin_h < 0) return reading;  // no smoke yet
    double there = kTurnoutHours + drive_h, back = there + now.on_scene_h;
    if (into < kTurnoutHours) {
        reading.status = Status::turnout;
    } else if (into < there) {
        reading.status = Status::en_route;
        reading.speed_kmh = kDriveKmh;
        reading.at = now.route->at((into - kTurnoutHours) * kDriveKmh, &reading.heading_deg);
    } else if (into < back) {
        reading.status = Status::on_scene;
        reading.at = now.route->points.back();
    } else if (into < back + drive_h) {
        reading.status = Status::returning;
        reading.speed_kmh = kDriveKmh;
        double left = now.route->length_km - (into - back) * kDriveKmh;
        reading.at = now.route->at(left, &reading.heading_deg);
        reading.heading_deg = std::fmod(reading.heading_deg + 180, 360);
    }
    return reading;
}

int64_t Exercise::pieces(size_t shelf, double hour) const {
    // Goods go out until the twentieth hour; then they come back in.
    double gone =
        0.8 * hashed(shelf, 1) * std::clamp(hour / 16, 0.0, 1.0) * (1 - smooth((hour - 21) / 8));
    return std::llround(static_cast<double>(shelves[shelf].pieces) * (1 - gone));
}

StockReading Exercise::stock(uint64_t movement, double hour) const {
    // Two movements of five are the district store's, which comes first.
    bool district = hashed(movement, 2) < 0.4;
    size_t first = district ? 0 : std::min<size_t>(30, shelves.size() - 1);
    size_t count = district ? std::min<size_t>(30, shelves.size()) : shelves.size() - first;
    auto shelf = first + static_cast<size_t>(hashed(movement, 4) * static_cast<double>(count));
    return {shelf, pieces(shelf, hour)};
}

}  // namespace bw::demo_field
