// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/base/result.h"

namespace bw::cli {

/// Copies the files and folders below `from` to `to`, which is made; both are folders. Links and
/// other strange files are an Error. What was copied before an Error stays. "full": the disk, with
/// what is needed and what is free; the other Errors name the file.
base::Status copy_folder(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace bw::cli
