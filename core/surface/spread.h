// SPDX-License-Identifier: Apache-2.0
// Which of several media processes plays a source: compositor and media reckon it for themselves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bw::surface {

/// 0 to `count` - 1, the same on every machine and in every build. Highest random weight (Thaler
/// and Ravishankar, 1998) over 64-bit FNV-1a: with one process more, only the sources that move to
/// it change. Any thread.
uint32_t media_of(std::string_view source, uint32_t count);

/// "media:2", as links and the hub name it.
std::string media_name(uint32_t index);

}  // namespace bw::surface
