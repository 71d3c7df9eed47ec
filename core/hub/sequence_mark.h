// SPDX-License-Identifier: Apache-2.0
// A small file beside the journal with a number that no sequence has passed: a hub whose journal is
// gone or cannot be read goes on behind it, so that no sequence is ever given twice.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/base/result.h"

namespace bw::hub {

class SequenceMark {
  public:
    explicit SequenceMark(const std::filesystem::path& folder);
    /// Writes the file, to the disk, when `sequence` comes near what stands there. Before the
    /// sequence is committed.
    base::Status cover(uint64_t sequence);
    /// What stands in the file; 0: nothing.
    [[nodiscard]] uint64_t read() const;

  private:
    base::Status write(uint64_t mark) const;
    const std::filesystem::path file_;
    uint64_t mark_ = 0;
};

}  // namespace bw::hub
