// SPDX-License-Identifier: Apache-2.0
// Reservoirs as cards: level, which way it goes, how far below the flood limit.
#pragma once

#include "panel_water.h"

namespace bw::flood {

class Reservoirs final : public WaterPanel {
  public:
    Reservoirs() : WaterPanel("reservoir") {}
    void draw(sdk::Ui& ui) override;

  private:
    void draw_card(sdk::Ui& ui, sdk::Rect area, const Water& water) const;
};

}  // namespace bw::flood
