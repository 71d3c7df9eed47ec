// SPDX-License-Identifier: Apache-2.0
// Forest fire: weather becomes fire danger, smoke in a picture becomes an incident with its place
// and the cameras that can see it.
#include <beaconwall/service/clock.h>
#include <beaconwall/service/log.h>
#include <beaconwall/service/records.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "danger.h"

namespace {

using namespace bw::fire;
using nlohmann::json;

constexpr const char* kIncidentType = "beaconwall.fire.incident.v1";
constexpr const char* kDangerType = "beaconwall.fire.danger.v1";
constexpr const char* kSourceType = "beaconwall.source.v1";
constexpr const char* kWeatherType = "beaconwall.field.weather.v1";
constexpr const char* kSmokeType = "beaconwall.field.smoke.v1";
constexpr size_t kWatchers = 6;

double tenth(double value) {
    return std::round(value * 10) / 10;
}

class FireService {
  public:
    explicit FireService(bw::sdk::Service& service)
        : service_(service), records_(service, {kIncidentType}) {
        service_.wire().on_event(
            [this](const bw::events::Event& event, bw::events::Lane, bool) { take(event); });
        service_.wire().subscribe({std::string(kSourceType) + "/camera/",
                                   std::string(kWeatherType) + "/", std::string(kSmokeType) + "/"});
        bw::sdk::once_settled(service_, [this] {
            settled_ = true;
            write();
        });
    }

  private:
    struct Seen {
        bool active = false, exercise = false;
        double bearing_deg = 0, distance_km = 0;
        std::string since, until;
    };

    void take(const bw::events::Event& event) {
        size_t slash = event.subject.find('/');
        std::string id = event.subject.substr(slash == std::string::npos ? 0 : slash + 1);
        json data = json::parse(event.data, nullptr, false);
        if (!data.is_object()) return;
        if (event.type == kSourceType) {
            source(id, event.tombstone, data);
        } else if (event.type == kWeatherType) {
            weather(id, event, data);
        } else if (event.type == kSmokeType) {
            smoke(id, event, data);
        } else if (event.type == kIncidentType && !settled_ && !event.tombstone) {
            remember(id, data);
        }
    }

    void source(const std::string& id, bool gone, const json& data) {
        bool placed = data.contains("longitude") && data["longitude"].is_number() &&
                      data.contains("latitude") && data["latitude"].is_number();
        if (gone || !placed) {
            cameras_.erase(id);
        } else {
            cameras_[id] = {data["longitude"], data["latitude"]};
            names_[id] = data.value("name", json{});
            places_[id] = data.value("place", json{});
        }
        if (settled_) write();
    }

    void weather(const std::string& id, const bw::events::Event& event, const json& data) {
        if (!data.contains("temperature_c") || !data["temperature_c"].is_number()) return;
        if (!data.contains("humidity_pct") || !data["humidity_pct"].is_number()) return;
        Danger now = danger(data["temperature_c"], data["humidity_pct"]);
        json out = {{"grade", now.grade},
                    {"level", now.level},
                    {"index", tenth(now.index)},
                    {"word", {{"zh", now.zh}, {"en", now.en}}},
                    {"method", {{"zh", "Ångström 指数"}, {"en", "Ångström index"}}},
                    {"exercise", data.value("exercise", false)}};
        for (const char* member : {"temperature_c", "humidity_pct", "wind_ms", "wind_deg"}) {
            if (data.contains(member)) out[member] = data[member];
        }
        bw::events::Event danger_event;
        danger_event.type = kDangerType;
        danger_event.subject = "danger/" + id;
        danger_event.time = event.time;
        danger_event.data = out.dump();
        service_.wire().publish(std::move(danger_event));
    }

    void smoke(const std::string& id, const bw::events::Event& event, const json& data) {
        bool active = data.value("active", false);
        auto found = seen_.find(id);
        if (found == seen_.end() && !active) return;  // nothing was there and nothing is
        Seen& seen = seen_[id];
        if (active && !seen.active) seen.since = event.time, seen.until.clear();
        if (!active && seen.active) seen.until = event.time;
        seen.active = active;
        seen.exercise = data.value("exercise", false);
        seen.bearing_deg = data.value("bearing_deg", seen.bearing_deg);
        seen.distance_km = data.value("distance_km", seen.distance_km);
        if (settled_) write();
    }

    /// An incident of an earlier life of this service; what the field says now goes before it.
    void remember(const std::string& id, const json& data) {
        auto [entry, fresh] = seen_.try_emplace(id);
        bool same = data.value("state", "") == (entry->second.active ? "active" : "over");
        if (!fresh && !same) return;
        entry->second.since = data.value("since", "");
        entry->second.until = data.value("until", "");
        if (!fresh) return;
        entry->second.active = data.value("state", "") == "active";
        entry->second.exercise = data.value("exercise", false);
        entry->second.bearing_deg = data.value("bearing_deg", 0.0);
        entry->second.distance_km = data.value("distance_km", 0.0);
    }

    void write() {
        for (const auto& [id, seen] : seen_)
            records_.put(kIncidentType, "incident/" + id, incident(id, seen));
        records_.commit();
    }

    [[nodiscard]] std::string incident(const std::string& id, const Seen& seen) const {
        json data = {{"state", seen.active ? "active" : "over"},
                     {"camera", id},
                     {"bearing_deg", tenth(seen.bearing_deg)},
                     {"distance_km", tenth(seen.distance_km)},
                     {"since", seen.since},
                     {"exercise", seen.exercise},
                     {"cameras", json::array()}};
        if (!seen.until.empty()) data["until"] = seen.until;
        auto camera = cameras_.find(id);
        if (camera == cameras_.end()) return data.dump();
        data["name"] = names_.at(id);
        data["place"] = places_.at(id);
        Place place = ahead(camera->second, seen.bearing_deg, seen.distance_km);
        data["longitude"] = std::round(place.longitude * 1e4) / 1e4;
        data["latitude"] = std::round(place.latitude * 1e4) / 1e4;
        std::vector<Camera> others;
        for (const auto& [other, at] : cameras_) {
            if (other != id) others.push_back({other, at});
        }
        for (const Sight& sight : who_sees(place, others, kWatchers)) {
            data["cameras"].push_back({{"id", sight.id},
                                       {"name", names_.at(sight.id)},
                                       {"distance_km", tenth(sight.distance_km)},
                                       {"bearing_deg", std::round(sight.bearing_deg)}});
        }
        return data.dump();
    }

    bw::sdk::Service& service_;
    bw::sdk::OwnRecords records_;
    std::map<std::string, Place> cameras_;
    std::map<std::string, json> names_, places_;
    std::map<std::string, Seen> seen_;
    bool settled_ = false;
};

}  // namespace

int main() {
    auto service = bw::sdk::Service::from_environment();
    FireService fire(*service);
    return service->run();
}
