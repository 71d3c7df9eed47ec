// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.h"

namespace bw::cli {

/// From a terminal without showing it, twice; else the first line of stdin. "invalid": the two
/// differ, or there is none. Never from an argument, which every process of the machine can read.
base::Result<std::string> read_new_password();

}  // namespace bw::cli
