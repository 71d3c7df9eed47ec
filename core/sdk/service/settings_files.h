// SPDX-License-Identifier: Apache-2.0
// Files that a settings file names: certificates, keys, secrets. Their faults are sentences as
// SettingsTable::fault takes them, and never have anything of a file's content.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace bw::sdk {

/// Ok: a file that can be read lies there (no folder, no pipe, which would have its reader wait).
base::Status readable_file(const std::filesystem::path& file);

/// The first line of a file that is its owner's alone (mode 0600), as secrets.toml is: 1 to 4096
/// bytes without control characters. A byte order mark and the CR of a CRLF are none of it.
base::Result<std::string> read_secret(const std::filesystem::path& file);

}  // namespace bw::sdk
