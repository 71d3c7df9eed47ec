// SPDX-License-Identifier: Apache-2.0
// Where everything is: teams ▲, stores ■, cameras ◐, river gauges ▼ on a schematic map.
#pragma once

#include <beaconwall/sdk/map.h>

#include <vector>

#include "panel_team.h"

namespace bw::dispatch {

class WhereMap final : public sdk::Panel {
  public:
    void start() override;
    bool event(const sdk::Event& event) override;
    void draw(sdk::Ui& ui) override;

  private:
    void frame(const std::vector<sdk::LonLat>& ring);
    void take_map(const sdk::Json& map);
    bool take_team(const sdk::Event& event);
    void add_teams(sdk::Map& map) const;
    void add_things(sdk::Map& map) const;
    void draw_legend(sdk::Ui& ui, const sdk::Rect& area, bool column) const;

    sdk::Map outline_;
    std::string note_;
    bool exercise_ = false;
    sdk::Records<sdk::Json> teams_, positions_, stores_, cameras_, gauges_, states_;
    int64_t drawn_ns_ = 0;
};

}  // namespace bw::dispatch
