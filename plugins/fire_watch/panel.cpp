// SPDX-License-Identifier: Apache-2.0
#include "panel_camera.h"
#include "panel_danger.h"
#include "panel_grid.h"

BW_PANEL_PLUGIN({"grid", bw::sdk::make<bw::fire::Grid>},
                {"camera", bw::sdk::make<bw::fire::CameraPanel>},
                {"danger", bw::sdk::make<bw::fire::DangerPanel>})
