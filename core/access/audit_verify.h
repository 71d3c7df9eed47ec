// SPDX-License-Identifier: Apache-2.0
// Was something done to the audit? Reads its files; any thread, also while a hub writes.
#pragma once

#include <filesystem>
#include <string>

namespace bw::access {

struct AuditReport {
    uint64_t lines = 0;  // that are as they were written, up to the first fault
    std::string head;    // hash of the last of them
    // The first fault; file empty: there is none.
    std::string file;
    uint64_t line = 0;  // in that file, from 1; 0: the file as a whole
    std::string what;   // changed, removed, reordered, cut off …, with the numbers
    [[nodiscard]] bool ok() const { return file.empty(); }
};

/// `known_head`: a hash that somebody kept elsewhere and that one line has to have; empty: none.
/// Whoever can write the files can write the whole chain anew; only such a hash tells then.
AuditReport verify_audit(const std::filesystem::path& state_dir,
                         const std::string& known_head = {});

}  // namespace bw::access
