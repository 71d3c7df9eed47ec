// SPDX-License-Identifier: Apache-2.0
#include "panel_board.h"
#include "panel_hydrograph.h"
#include "panel_rain.h"
#include "panel_reservoirs.h"

BW_PANEL_PLUGIN({"board", bw::sdk::make<bw::flood::Board>},
                {"hydrograph", bw::sdk::make<bw::flood::Hydrograph>},
                {"reservoirs", bw::sdk::make<bw::flood::Reservoirs>},
                {"rain", bw::sdk::make<bw::flood::Rain>})
