// SPDX-License-Identifier: Apache-2.0
// Durable events for somebody outside (bw::sdk::DurableFeed).
#pragma once

#include "core/sdk/service/durable_feed.h"  // IWYU pragma: export
