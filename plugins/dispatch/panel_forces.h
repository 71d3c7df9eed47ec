// SPDX-License-Identifier: Apache-2.0
// Forces in time: people at work by state, one bar per quarter of an hour over the last hours.
#pragma once

#include <vector>

#include "panel_team.h"

namespace bw::dispatch {

class Forces final : public sdk::Panel {
  public:
    void start() override { subscribe("beaconwall.dispatch.forces.v1/"); }
    bool event(const sdk::Event& event) override;
    void draw(sdk::Ui& ui) override;

  private:
    struct Step {
        int64_t time_ns = 0;
        bool known = false;
        std::array<double, 5> people{};
    };
    [[nodiscard]] std::vector<Step> steps() const;
    void draw_bars(sdk::Ui& ui, sdk::Rect area, const std::vector<Step>& steps) const;
    void draw_legend(sdk::Ui& ui, sdk::Rect area, const Step& now) const;

    sdk::Json forces_;
    std::string text_;
    int64_t time_ns_ = 0;
};

}  // namespace bw::dispatch
