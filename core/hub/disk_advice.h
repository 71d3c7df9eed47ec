// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bw::hub {

/// What a person does about a write below `folder` that failed with `number` (errno): half a
/// sentence. Any thread.
std::string disk_advice(int number, const std::string& folder);

}  // namespace bw::hub
