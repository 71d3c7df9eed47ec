// SPDX-License-Identifier: Apache-2.0
// The glyph atlas that all panels and the compositor share.
#pragma once

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/supervisor/plan.h"

namespace bw::supervisor {

/// Bakes the atlas into the state directory if none fits, and gives it as a memfd that nobody can
/// write any more. Waits for the baker (at most 2 minutes) unless `stop_fd` (a signalfd) becomes
/// readable: then "stopped".
base::Result<base::UniqueFd> open_glyphs(const Orders& orders, int stop_fd);

/// The file's content as a read-only memfd, sealed against every change.
base::Result<base::UniqueFd> sealed_copy(const std::filesystem::path& file);

}  // namespace bw::supervisor
