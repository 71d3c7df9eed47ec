// SPDX-License-Identifier: Apache-2.0
#include "field.h"

#include <beaconwall/service/clock.h>
#include <beaconwall/service/log.h>

#include <atomic>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "field_model.h"

namespace bw::demo_field {
namespace {

using nlohmann::json;

// The exercise's own invented day: 2031-07-21 06:00 in the hall.
constexpr int64_t kBeginNs = 1'942'351'200LL * base::kSecond;
constexpr int kPoints = 98;  // a day and its begin
constexpr int64_t kStepSeconds = 900;
constexpr int64_t kForgetNs = 600 * base::kSecond;  // a longer pause, and the exercise begins anew

std::atomic<bool> smoke_now{false};

/// To a decimal unit such as 0.01; divides last, so that the text has no more digits than that.
double rounded(double value, double unit) {
    double per_unit = std::round(1 / unit);
    return std::round(value * per_unit) / per_unit;
}

class Field {
  public:
    Field(sdk::Service& service, Exercise exercise)
        : service_(service), exercise_(std::move(exercise)), last_(exercise_.crews.size()) {
        resume();
    }
    void start();

  private:
    /// Exercise hours since its begin, 0 … 30.
    [[nodiscard]] double hour() const;
    void resume();
    void remember() const;
    void publish(const std::string& type, const std::string& subject, json data);
    void gauges();
    void slow();
    void crews(bool all);
    void goods();
    void history();
    json past(const char* name, double now, double unit,
              const std::function<double(double)>& value);

    sdk::Service& service_;
    Exercise exercise_;
    std::vector<TeamReading> last_;
    std::map<size_t, int64_t> shelf_pieces_;
    int64_t begin_ns_ = 0;  // wall time of the exercise's begin
    int64_t ticks_ = 0;
};

double Field::hour() const {
    double passed =
        static_cast<double>(base::wall_ns() - begin_ns_) / base::kSecond / 3600 * kSpeed;
    return std::fmod(passed, kExerciseHours);
}

/// A field that was killed goes on where it was: rivers do not fall because a process died.
void Field::resume() {
    begin_ns_ = base::wall_ns();
    std::ifstream in(service_.state() / "exercise.json");
    json kept = json::parse(in, nullptr, false);
    if (!kept.is_object()) return;
    int64_t begin = kept.value("begin_ns", int64_t{0}), seen = kept.value("seen_ns", int64_t{0});
    int64_t pause = begin_ns_ - seen;
    if (begin > 0 && begin <= seen && pause >= 0 && pause < kForgetNs) begin_ns_ = begin;
}

void Field::remember() const {
    std::filesystem::path file = service_.state() / "exercise.json";
    std::filesystem::path fresh = file;
    fresh += ".new";
    {
        std::ofstream out(fresh);
        out << json{{"begin_ns", begin_ns_}, {"seen_ns", base::wall_ns()}};
    }
    std::error_code ignored;
    std::filesystem::rename(fresh, file, ignored);
}

void Field::publish(const std::string& type, const std::string& subject, json data) {
    data["exercise"] = true;
    data["exercise_time"] =
        base::rfc3339(kBeginNs + static_cast<int64_t>(hour() * 3600) * base::kSecond);
    events::Event event;
    event.type = "beaconwall.field." + type + ".v1";
    event.subject = subject;
    event.data = data.dump();
    if (type != "stock") return service_.wire().publish(std::move(event));
    service_.wire().publish_durable(std::move(event), [](const events::Reply& reply) {
        if (!reply.ok) base::log_warning("a movement of goods was refused: {}", reply.text);
    });
}

void Field::gauges() {
    for (const Gauge& gauge : exercise_.gauges) {
        GaugeReading now = exercise_.gauge(gauge, hour());
        publish("gauge", "gauge/" + gauge.id,
                {{"level_m", rounded(now.level_m, 0.01)},
                 {"flow_m3s", rounded(now.flow_m3s, 0.1)},
                 {"rain_mm_h", rounded(now.rain_mm_h, 0.1)}});
    }
}

/// What changes slowly: every ten seconds.
void Field::slow() {
    for (const RainGauge& gauge : exercise_.rain_gauges) {
        RainReading now = exercise_.rain(gauge, hour());
        publish(
            "gauge", "gauge/" + gauge.id,
            {{"rain_mm_h", rounded(now.rain_mm_h, 0.1)}, {"total_mm", rounded(now.total_mm, 0.1)}});
    }
    for (const Reservoir& reservoir : exercise_.reservoirs) {
        ReservoirReading now = exercise_.reservoir(reservoir, hour());
        publish("reservoir", "reservoir/" + reservoir.id,
                {{"level_m", rounded(now.level_m, 0.01)},
                 {"inflow_m3s", rounded(now.inflow_m3s, 1)},
                 {"outflow_m3s", rounded(now.outflow_m3s, 1)}});
    }
    Weather weather = exercise_.weather(hour());
    publish("weather", "weather/SYN-W01",
            {{"temperature_c", rounded(weather.temperature_c, 0.1)},
             {"humidity_pct", rounded(weather.humidity_pct, 1)},
             {"wind_ms", rounded(weather.wind_ms, 0.1)},
             {"wind_deg", rounded(weather.wind_deg, 1)}});
}

void Field::crews(bool all) {
    for (size_t i = 0; i < last_.size(); ++i) {
        TeamReading now = exercise_.crew(i, hour());
        if (!all && now == last_[i]) continue;
        last_[i] = now;
        publish("vehicle", "team/" + exercise_.crews[i].id,
                {{"longitude", rounded(now.at.longitude, 1e-5)},
                 {"latitude", rounded(now.at.latitude, 1e-5)},
                 {"speed_kmh", now.speed_kmh},
                 {"heading_deg", rounded(now.heading_deg, 1)},
                 {"status", to_word(now.status)}});
    }
    Smoke smoke = exercise_.smoke(hour());
    if (!all && smoke.active == smoke_now.load()) return;
    smoke_now.store(smoke.active);
    publish("smoke", std::string("camera/") + kSmokeCamera,
            {{"active", smoke.active},
             {"bearing_deg", smoke.bearing_deg},
             {"distance_km", smoke.distance_km}});
}

/// One movement of goods: the first of a few shelves on which anything moved.
void Field::goods() {
    constexpr uint64_t kTries = 16;
    double now = hour();
    for (uint64_t i = 0; i < kTries; ++i) {
        StockReading moved = exercise_.stock(static_cast<uint64_t>(now * 36) * kTries + i, now);
        const Shelf& shelf = exercise_.shelves[moved.shelf];
        auto known = shelf_pieces_.try_emplace(moved.shelf, shelf.pieces).first;
        int64_t delta = moved.pieces - known->second;
        if (delta == 0) continue;
        known->second = moved.pieces;
        publish("stock", "stock/" + shelf.store + "/" + shelf.item,
                {{"pieces", moved.pieces}, {"delta", delta}});
        return;
    }
}

json Field::past(const char* name, double now, double unit,
                 const std::function<double(double)>& value) {
    int64_t end = static_cast<int64_t>(std::floor(now * 3600 / kStepSeconds)) * kStepSeconds;
    json points = json::array();
    for (int i = 0; i < kPoints; ++i) {
        double hour = static_cast<double>(end - (kPoints - 1 - i) * kStepSeconds) / 3600;
        points.push_back(rounded(value(hour), unit));
    }
    return {{"step_s", kStepSeconds},
            {"end", base::rfc3339(kBeginNs + end * base::kSecond)},
            {name, points}};
}

/// What the stations' own loggers hold: the last 24 hours, as a real station gives them when asked.
void Field::history() {
    double now = hour();
    for (const Gauge& gauge : exercise_.gauges) {
        publish("history", "gauge/" + gauge.id, past("level_m", now, 0.01, [&](double h) {
                    return exercise_.gauge(gauge, h).level_m;
                }));
    }
    for (const RainGauge& gauge : exercise_.rain_gauges) {
        publish("history", "gauge/" + gauge.id, past("total_mm", now, 0.1, [&](double h) {
                    return exercise_.rain(gauge, h).total_mm;
                }));
    }
    for (size_t i = 0; i < last_.size(); ++i) {
        publish("history", "team/" + exercise_.crews[i].id, past("status", now, 1, [&](double h) {
                    return static_cast<double>(exercise_.crew(i, h).status);
                }));
    }
}

void Field::start() {
    service_.every(1000, [this] {
        crews(ticks_ % 20 == 0);
        if (ticks_ % 2 == 0) gauges();
        if (ticks_ % 10 == 1) slow();
        if (ticks_ % 5 == 2) goods();
        if (ticks_ % 45 == 0) history();
        if (ticks_ % 30 == 0) remember();
        ++ticks_;
    });
}

}  // namespace

void play_field(sdk::Service& service) {
    auto exercise = Exercise::load(service.site_data());
    if (!exercise) {
        base::log_warning("the field is not played: {}", exercise.error().text);
        return;
    }
    // Lives as long as the process, as the service's timers do.
    static Field field(service, std::move(*exercise));
    field.start();
}

bool smoke_in(std::string_view camera) {
    return camera == kSmokeCamera && smoke_now.load();
}

}  // namespace bw::demo_field
