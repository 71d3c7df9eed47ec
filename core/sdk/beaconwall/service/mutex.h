// SPDX-License-Identifier: Apache-2.0
// A mutex that clang's thread safety analysis understands (bw::base).
#pragma once

#include "core/base/mutex.h"  // IWYU pragma: export
