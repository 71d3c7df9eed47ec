// SPDX-License-Identifier: Apache-2.0
// The files that the product writes into a site: layouts/saved-*.toml. Any thread; waits for the
// disk.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace bw::hub {

/// `text` with a last line that tells a file of ours from one that somebody has changed.
std::string sealed(std::string text);
bool is_sealed(std::string_view content);

/// Writes SITE/layouts/NAME.toml whole or not at all. "invalid": no name of ours; "conflict": there
/// is such a file and a person wrote or changed it; "system": the disk said why not.
base::Status write_saved(const std::filesystem::path& site, const std::string& name,
                         const std::string& text);

}  // namespace bw::hub
