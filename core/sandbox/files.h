// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace bw::sandbox {

/// From here on this thread, and those that it starts, may read and run what lies below `folder`
/// and where the system keeps libraries, and nothing else by path; for good. False: this kernel
/// has no Landlock, and nothing was closed.
bool close_files(const std::filesystem::path& folder);

/// A service's: from here on it may write, make, remove and rename nothing but what lies below
/// these files and folders, and /dev/null; reading stays as it is. It cannot look into processes
/// that are not closed in with it, either. Paths that are not there are passed over. For good, over
/// exec; also between fork and exec. False: this kernel has no Landlock, and nothing was closed.
bool close_service_files(const std::vector<std::filesystem::path>& writable);

/// Landlock's version in this kernel; 0: none.
int files_version();

}  // namespace bw::sandbox
