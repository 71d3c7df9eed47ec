// SPDX-License-Identifier: Apache-2.0
// Reading JSON that somebody else wrote (bw::events::read_json).
#pragma once

#include "core/events/json.h"  // IWYU pragma: export
