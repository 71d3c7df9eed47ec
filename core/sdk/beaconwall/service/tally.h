// SPDX-License-Identifier: Apache-2.0
// What a bridge has done so far (bw::sdk::Tally).
#pragma once

#include "core/sdk/service/tally.h"  // IWYU pragma: export
