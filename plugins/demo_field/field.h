// SPDX-License-Identifier: Apache-2.0
// The exercise's field but for its cameras: gauges, rain, reservoirs, vehicles, stores, weather and
// smoke, published as real traffic is. Everything follows from the exercise clock, which runs 20
// times as fast as the wall's; after 90 minutes the exercise begins anew. One thread: the
// service's.
#pragma once

#include <beaconwall/service/service.h>

#include <string_view>

namespace bw::demo_field {

/// Adds the field's timers to `service`. Reads SITE/data; without it a warning is logged and
/// nothing is played. Call once, before run().
void play_field(sdk::Service& service);

/// Whether the exercise's smoke stands in this camera's picture now ("FF-001"), for who draws the
/// picture. Any thread, from play_field() on.
bool smoke_in(std::string_view camera);

}  // namespace bw::demo_field
