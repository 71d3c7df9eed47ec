// SPDX-License-Identifier: Apache-2.0
// What the fire panels share: cameras, and the incidents that the service sees in them.
#pragma once

#include <beaconwall/sdk/panel.h>
#include <beaconwall/sdk/ui.h>

#include <string>

namespace bw::fire {

inline constexpr const char* kSource = "beaconwall.source.v1";
inline constexpr const char* kIncident = "beaconwall.fire.incident.v1";

class FirePanel : public sdk::Panel {
  public:
    void start() override {
        subscribe(std::string(kSource) + "/camera/");
        subscribe(std::string(kIncident) + "/");
    }
    bool event(const sdk::Event& event) override;

  protected:
    /// The newest incident that is not over; null if there is none.
    [[nodiscard]] sdk::Json incident() const;
    /// Whether smoke stands in this camera's picture ("FF-001").
    [[nodiscard]] bool alarmed(std::string_view camera) const;
    /// The camera's name, its id if it has none.
    [[nodiscard]] std::string camera_name(const std::string& camera) const;
    [[nodiscard]] std::string camera_place(const std::string& camera) const;
    [[nodiscard]] std::string scope(const sdk::Json& fact) const {
        return fact.flag("exercise") ? std::string(tr("演练数据", "exercise data")) : std::string();
    }

  private:
    sdk::Records<sdk::Json> cameras_, incidents_;
};

/// "东北" of 48°.
std::string compass_word(double bearing_deg, bool chinese);

}  // namespace bw::fire
