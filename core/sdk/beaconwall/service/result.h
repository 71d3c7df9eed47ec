// SPDX-License-Identifier: Apache-2.0
// bw::base::Result and Status: a value, or an Error with a code and a sentence.
#pragma once

#include "core/base/result.h"  // IWYU pragma: export
