// SPDX-License-Identifier: Apache-2.0
// The monotonic clock, the wall clock and RFC 3339 (bw::base).
#pragma once

#include "core/base/clock.h"    // IWYU pragma: export
#include "core/base/rfc3339.h"  // IWYU pragma: export
