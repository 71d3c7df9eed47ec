// SPDX-License-Identifier: Apache-2.0
// Not for other folders.
#pragma once

#include <string_view>

namespace bw::access {

/// Goes on after signals and short writes. False: errno says why.
bool write_all(int fd, std::string_view text);

}  // namespace bw::access
