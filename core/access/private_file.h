// SPDX-License-Identifier: Apache-2.0
// Files of the state folder that their owner alone reads: written whole or not at all, one process
// at a time. Any thread; these wait for the disk: never on a loop.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace bw::access {

/// Held while the descriptor lives; waits for whoever holds it. `file` is made when it is not
/// there.
base::Result<base::UniqueFd> lock_file(const std::filesystem::path& file);

/// Puts `text` into `file`, mode 0600, whole or not at all, and onto the disk. Written by root it
/// belongs to the folder's owner.
base::Status replace_private(const std::filesystem::path& file, const std::string& text);

/// A new file of the caller's; never over one that is there ("conflict").
base::Status create_private(const std::filesystem::path& file, const std::string& text);

/// The bytes of a small file; "not_found" when it is not there, "invalid" above `most` bytes.
base::Result<std::string> read_small(const std::filesystem::path& file, size_t most);

}  // namespace bw::access
