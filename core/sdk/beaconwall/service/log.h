// SPDX-License-Identifier: Apache-2.0
// Lines for the wall's log (bw::base::log_info and the like).
#pragma once

#include "core/base/log.h"  // IWYU pragma: export
