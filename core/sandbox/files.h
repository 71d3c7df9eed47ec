// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace bw::sandbox {

/// From here on this thread, and those that it starts, may read and run what lies below `folder`
/// and where the system keeps libraries, and nothing else by path; for good. False: this kernel
/// has no Landlock, and nothing was closed.
bool close_files(const std::filesystem::path& folder);

}  // namespace bw::sandbox
