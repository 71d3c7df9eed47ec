// SPDX-License-Identifier: Apache-2.0
#include "panel_incident.h"

#include <array>
#include <cmath>

namespace bw::fire {

using namespace bw::sdk;

bool FirePanel::event(const Event& event) {
    if (event.type == kSource) {
        cameras_.put(event, [&] { return event.data(); });
        return true;
    }
    if (event.type != kIncident) return false;
    incidents_.put(event, [&] { return event.data(); });
    return true;
}

Json FirePanel::incident() const {
    Json newest;
    for (const auto& [id, entry] : incidents_) {
        if (entry.value.text("state") != "active") continue;
        if (newest.is_null() || entry.value.text("since") > newest.text("since")) {
            newest = entry.value;
        }
    }
    return newest;
}

bool FirePanel::alarmed(std::string_view camera) const {
    const auto* entry = incidents_.find(camera);
    return entry != nullptr && entry->value.text("state") == "active";
}

std::string FirePanel::camera_name(const std::string& camera) const {
    const auto* entry = cameras_.find(camera);
    return entry == nullptr ? camera : entry->value.text_in("name", language(), camera);
}

std::string FirePanel::camera_place(const std::string& camera) const {
    const auto* entry = cameras_.find(camera);
    return entry == nullptr ? std::string() : entry->value.text_in("place", language());
}

std::string compass_word(double bearing_deg, bool chinese) {
    constexpr std::array<const char*, 8> kZh{"北", "东北", "东", "东南",
                                             "南", "西南", "西", "西北"};
    constexpr std::array<const char*, 8> kEn{"N", "NE", "E", "SE", "S", "SW", "W", "NW"};
    auto part = static_cast<size_t>(std::lround(std::fmod(bearing_deg + 360, 360) / 45)) % 8;
    return chinese ? kZh[part] : kEn[part];
}

}  // namespace bw::fire
