// SPDX-License-Identifier: Apache-2.0
#include "panel_forces.h"
#include "panel_map.h"
#include "panel_teams.h"

BW_PANEL_PLUGIN({"teams", bw::sdk::make<bw::dispatch::Teams>},
                {"map", bw::sdk::make<bw::dispatch::WhereMap>},
                {"forces", bw::sdk::make<bw::dispatch::Forces>})
