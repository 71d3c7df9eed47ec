// SPDX-License-Identifier: Apache-2.0
// One large camera with a compass tape and what is known of the smoke in it. settings.camera:
// "FF-001", or "incident" for the camera that sees the newest incident.
#pragma once

#include "panel_incident.h"

namespace bw::fire {

class CameraPanel final : public FirePanel {
  public:
    void draw(sdk::Ui& ui) override;

  private:
    void draw_tape(sdk::Ui& ui, const sdk::Rect& area, const sdk::Json& fire) const;
    void draw_incident(sdk::Ui& ui, sdk::Rect area, const sdk::Json& fire) const;
};

}  // namespace bw::fire
