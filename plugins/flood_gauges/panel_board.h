// SPDX-License-Identifier: Apache-2.0
// River stations in a table, the worst first: level, which way it goes, how far it may still rise.
#pragma once

#include "panel_water.h"

namespace bw::flood {

class Board final : public WaterPanel {
  public:
    Board() : WaterPanel("gauge") {}
    void draw(sdk::Ui& ui) override;

  private:
    /// What a row has beside the columns of every board.
    struct Shape {
        bool short_name = false, flow = false;
    };
    [[nodiscard]] sdk::Row row(const Water& water, const Shape& shape) const;
};

}  // namespace bw::flood
