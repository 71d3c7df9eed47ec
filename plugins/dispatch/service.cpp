// SPDX-License-Identifier: Apache-2.0
// Teams: what their vehicles report becomes states, positions and forces in time; and the map.
#include <beaconwall/service/clock.h>
#include <beaconwall/service/log.h>
#include <beaconwall/service/records.h>

#include <nlohmann/json.hpp>

#include "teams.h"

namespace {

using namespace bw::dispatch;
using nlohmann::json;

constexpr const char* kVehicleType = "beaconwall.field.vehicle.v1";
constexpr const char* kHistoryType = "beaconwall.field.history.v1";

class DispatchService {
  public:
    explicit DispatchService(bw::sdk::Service& service)
        : service_(service), records_(service, {kTeamType, kMapType}) {
        load();
        service_.wire().on_event([this](const bw::events::Event& event, bw::events::Lane,
                                        bool replayed) { take(event, replayed); });
        service_.wire().subscribe({std::string(kVehicleType) + "/",
                                   std::string(kHistoryType) + "/team/",
                                   std::string(kForcesType) + "/"});
        bw::sdk::once_settled(service_, [this] { settled(); });
        service_.every(5000, [this] { forces(); });
    }

  private:
    void load() {
        auto teams = bw::sdk::read_data(service_, "teams.json");
        if (!teams) {
            bw::base::log_info("{}: no teams on this site", teams.error().text);
        } else if (auto loaded = teams_.load(*teams); !loaded) {
            bw::base::log_warning("teams.json: {}", loaded.error().text);
        }
        auto map = bw::sdk::read_data(service_, "map.json");
        if (!map) return bw::base::log_info("{}: no map of this site", map.error().text);
        json document = json::parse(*map, nullptr, false);
        if (!document.is_object()) return bw::base::log_warning("map.json is no JSON object");
        map_ = document.dump();
    }

    void take(const bw::events::Event& event, bool replayed) {
        size_t slash = event.subject.find('/');
        std::string id = event.subject.substr(slash == std::string::npos ? 0 : slash + 1);
        if (event.type == kTeamType) {
            if (replayed && !settled_ && !event.tombstone) teams_.adopt(id, event.data);
        } else if (event.type == kForcesType) {
            if (replayed && !settled_) teams_.adopt_forces(event.data);
        } else if (event.type == kHistoryType) {
            history(id, event);
        } else if (event.type == kVehicleType && teams_.has(id)) {
            vehicle(id, event);
        }
    }

    void vehicle(const std::string& id, const bw::events::Event& event) {
        json data = json::parse(event.data, nullptr, false);
        if (!data.is_object()) return;
        json position;
        for (const char* member :
             {"longitude", "latitude", "speed_kmh", "heading_deg", "exercise"}) {
            if (data.contains(member)) position[member] = data[member];
        }
        if (!position.contains("longitude") || !position.contains("latitude")) return;
        auto clock = bw::base::parse_rfc3339(data.value("exercise_time", ""));
        if (clock) {
            field_clock_ns_ = *clock;
            field_clock_at_ns_ = bw::base::mono_ns();
        }
        bw::events::Event out;
        out.type = kPositionType;
        out.subject = event.subject;
        out.time = event.time;
        out.data = position.dump();
        service_.wire().publish(std::move(out));
        if (!teams_.set_state(id, data.value("status", ""), event.time) || !settled_) return;
        records_.put(kTeamType, event.subject, teams_.record(id));
        records_.commit();
    }

    void history(const std::string& id, const bw::events::Event& event) {
        json data = json::parse(event.data, nullptr, false);
        if (!data.is_object() || !data.contains("status") || !data["status"].is_array()) return;
        auto end = bw::base::parse_rfc3339(data.value("end", ""));
        std::vector<size_t> states;
        for (const json& state : data["status"]) {
            states.push_back(state.is_number() ? static_cast<size_t>(state.get<double>())
                                               : kStates.size());
        }
        if (end)
            teams_.fill(id, *end, data.value("step_s", int64_t{0}) * bw::base::kSecond, states);
    }

    void settled() {
        settled_ = true;
        for (const std::string& id : teams_.ids()) {
            records_.put(kTeamType, "team/" + id, teams_.record(id));
        }
        if (!map_.empty()) records_.put(kMapType, "map/site", map_);
        records_.remove_others(kTeamType);
        records_.remove_others(kMapType);
        records_.commit();
        forces();
    }

    void forces() {
        if (!settled_ || teams_.ids().empty()) return;
        // The exercise's clock while it runs, else the hall's.
        bool plays = bw::base::mono_ns() - field_clock_at_ns_ < 60 * bw::base::kSecond;
        if (field_clock_ns_ != 0 && !plays) return;
        teams_.tick(field_clock_ns_ != 0 ? field_clock_ns_ : bw::base::wall_ns());
        std::string record = teams_.forces_record();
        bool news = record != told_;
        int64_t now = bw::base::mono_ns();
        if (!news && now - told_ns_ < 30 * bw::base::kSecond) return;
        told_ = record;
        told_ns_ = now;
        bw::events::Event out;
        out.type = kForcesType;
        out.subject = "forces/site";
        out.data = std::move(record);
        service_.wire().publish(std::move(out));
    }

    bw::sdk::Service& service_;
    bw::sdk::OwnRecords records_;
    Teams teams_;
    std::string map_, told_;
    int64_t field_clock_ns_ = 0, field_clock_at_ns_ = 0, told_ns_ = 0;
    bool settled_ = false;
};

}  // namespace

int main() {
    auto service = bw::sdk::Service::from_environment();
    DispatchService dispatch(*service);
    return service->run();
}
