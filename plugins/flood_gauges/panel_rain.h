// SPDX-License-Identifier: Apache-2.0
// Rain gauges by the rain of the last 24 hours.
#pragma once

#include "panel_water.h"

namespace bw::flood {

class Rain final : public WaterPanel {
  public:
    Rain() : WaterPanel("rain") {}
    void draw(sdk::Ui& ui) override;
};

}  // namespace bw::flood
