// SPDX-License-Identifier: Apache-2.0
// Journals that are none any more: set aside under a name of their own, and what can be read of
// them put into a new one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/hub/database.h"

namespace bw::hub {

/// STATE/journal.db.
std::filesystem::path journal_file(const std::filesystem::path& folder);
/// Names of the files that were set aside (journal-damaged-TIME.sqlite), the oldest first.
std::vector<std::string> damaged_files(const std::filesystem::path& folder);
/// Moves the journal and its log to such a name; the new path.
base::Result<std::filesystem::path> move_aside(const std::filesystem::path& folder);
/// Puts what can be read of `damaged` into `fresh`, the newest first, for `budget_ns` at most; how
/// many rows. What was not reached stays in the damaged file. An error is one of `fresh`.
base::Result<uint64_t> salvage(const std::filesystem::path& damaged, Database& fresh,
                               int64_t budget_ns);

}  // namespace bw::hub
