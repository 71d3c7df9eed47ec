// SPDX-License-Identifier: Apache-2.0
// One station's day: thresholds, the water, and where it goes from here. settings.station names the
// station; "leading" (or nothing) takes the worst one.
#pragma once

#include <beaconwall/sdk/plot.h>

#include "panel_water.h"

namespace bw::flood {

class Hydrograph final : public WaterPanel {
  public:
    Hydrograph() : WaterPanel("gauge") {}
    void start() override;
    bool event(const sdk::Event& event) override;
    void draw(sdk::Ui& ui) override;

  private:
    [[nodiscard]] const Water* chosen(const std::vector<Water>& all) const;
    [[nodiscard]] sdk::Plot plot(const Water& water) const;
    void draw_figures(sdk::Ui& ui, const sdk::Rect& area, const Water& water) const;

    sdk::Records<sdk::Json> series_;
    mutable std::string shown_;  // the station of the last picture: others' news need no new one
};

}  // namespace bw::flood
