// SPDX-License-Identifier: Apache-2.0
// Which code points each role has.
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/text/atlas.h"

namespace bw::text {

/// PREFIX/share/beaconwall/characters: gb2312.txt, extra.txt, numbers.txt.
std::filesystem::path characters_folder();

/// Sorted, without doubles, at most U+FFFF. "not_found" names the file that is missing.
base::Result<std::vector<char32_t>> text_characters();
base::Result<std::vector<char32_t>> number_characters();
/// The icons of sdk/ui.h and of the host's marks, from Material Icons.
std::vector<char32_t> icon_characters();

}  // namespace bw::text
