// SPDX-License-Identifier: Apache-2.0
// A service's own settings file (bw::sdk::read_settings).
#pragma once

#include "core/sdk/service/settings.h"  // IWYU pragma: export
