// SPDX-License-Identifier: Apache-2.0
// Several cameras in equal cells of 16:9. settings: cameras ["FF-002", …], or "near" for those that
// see the incident; columns; header (false leaves the header line out).
#pragma once

#include <vector>

#include "panel_incident.h"

namespace bw::fire {

class Grid final : public FirePanel {
  public:
    void draw(sdk::Ui& ui) override;

  private:
    [[nodiscard]] std::vector<std::string> cameras() const;
};

}  // namespace bw::fire
