// SPDX-License-Identifier: Apache-2.0
#include "panel_pumps.h"
#include "panel_shortages.h"
#include "panel_stores.h"

BW_PANEL_PLUGIN({"stores", bw::sdk::make<bw::supplies::Stores>},
                {"shortages", bw::sdk::make<bw::supplies::Shortages>},
                {"pumps", bw::sdk::make<bw::supplies::Pumps>})
