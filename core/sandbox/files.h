// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/unique_fd.h"

namespace bw::sandbox {

/// What a panel may read and run: where the system keeps libraries, and one folder of its own. In
/// two steps, because the first takes a while and can be made before the folder is known.
class FileRules {
  public:
    /// None: close() closes nothing.
    FileRules() = default;
    static FileRules of_system();
    /// From here on this thread, and those that it starts, may read and run what lies below
    /// `folder` and where the system keeps libraries, and nothing else by path; for good. False:
    /// this kernel has no Landlock, and nothing was closed.
    [[nodiscard]] bool close(const std::filesystem::path& folder) const;

  private:
    base::UniqueFd rules_;
};

/// A service's: from here on it may write, make, remove and rename nothing but what lies below
/// these files and folders, and /dev/null; reading stays as it is. It cannot look into processes
/// that are not closed in with it, either. Paths that are not there are passed over. For good, over
/// exec; also between fork and exec. False: this kernel has no Landlock, and nothing was closed.
bool close_service_files(const std::vector<std::filesystem::path>& writable);

/// Landlock's version in this kernel; 0: none.
int files_version();

}  // namespace bw::sandbox
