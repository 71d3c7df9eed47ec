// SPDX-License-Identifier: Apache-2.0
// The exercise's cameras: reads SITE/data/cameras.json, plays them over RTSP, publishes their
// addresses as beaconwall.source.v1 records. The service's thread.
#pragma once

#include <beaconwall/service/service.h>

#include <memory>

#include "rtsp_cameras.h"

namespace bw::demo_field {

/// Keep what it gives until run() returns. Nothing, with a warning in the log, when the site has no
/// such cameras or they cannot be played.
std::unique_ptr<RtspCameras> play_cameras(sdk::Service& service);

}  // namespace bw::demo_field
