// SPDX-License-Identifier: Apache-2.0
// Fire danger: the grade, and the weather it follows from. settings.station names the weather
// station; else the worst one.
#pragma once

#include "panel_incident.h"

namespace bw::fire {

class DangerPanel final : public sdk::Panel {
  public:
    void start() override { subscribe("beaconwall.fire.danger.v1/"); }
    bool event(const sdk::Event& event) override;
    void draw(sdk::Ui& ui) override;

  private:
    using Entry = sdk::Records<sdk::Json>::Entry;
    [[nodiscard]] const Entry* chosen() const;
    void draw_weather(sdk::Ui& ui, sdk::Rect area, const sdk::Json& danger) const;

    sdk::Records<sdk::Json> dangers_;
};

}  // namespace bw::fire
