// SPDX-License-Identifier: Apache-2.0
// UUIDs and safe names (bw::base).
#pragma once

#include "core/base/ids.h"  // IWYU pragma: export
