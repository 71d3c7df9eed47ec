// SPDX-License-Identifier: Apache-2.0
// An event and its text (bw::events).
#pragma once

#include "core/events/event.h"  // IWYU pragma: export
