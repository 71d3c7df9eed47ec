// SPDX-License-Identifier: Apache-2.0
// STATE/audit.jsonl, to which lines are appended and never anything else; a large one becomes
// audit.NNNNNN.jsonl and the chain goes on in the next. STATE/audit.head names the newest line, so
// that lines missing at the end are seen. One thread owns a writer.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "core/access/audit_line.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace bw::access {

class AuditFile {
  public:
    static constexpr uintmax_t kRotateBytes = 16 << 20;
    explicit AuditFile(std::filesystem::path state_dir, uintmax_t rotate_bytes = kRotateBytes)
        : folder_(std::move(state_dir)), rotate_bytes_(rotate_bytes) {}

    /// All of them are on the disk, or none is in the file and the error says why ("system"): try
    /// again later. Opens what is there first; a line that a crash left unfinished is taken away,
    /// and the next line says so.
    base::Status append(const std::vector<AuditEntry>& entries);
    /// Of the newest line that is on the disk.
    [[nodiscard]] uint64_t n() const { return n_; }
    [[nodiscard]] const std::string& head() const { return head_; }

  private:
    base::Status open();
    base::Status find_end();
    base::Status rotate();
    base::Status write_head() const;

    const std::filesystem::path folder_;
    const uintmax_t rotate_bytes_;
    base::UniqueFd fd_;
    uint64_t n_ = 0, torn_bytes_ = 0;
    int64_t size_ = 0;
    std::string head_{kNoHash};
};

/// Oldest first; the last one is being written. Empty: there is no audit.
std::vector<std::filesystem::path> audit_files(const std::filesystem::path& state_dir);
std::filesystem::path audit_head_file(const std::filesystem::path& state_dir);
/// Each line as it stands, without its end; the last of a file may be unfinished. `visit` says
/// false to stop.
using VisitLine = std::function<bool(const std::string& text, bool whole)>;
void each_line(const std::filesystem::path& file, const VisitLine& visit);

}  // namespace bw::access
