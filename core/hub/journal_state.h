// SPDX-License-Identifier: Apache-2.0
// How the journal is: what people are told about its disk. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bw::hub {

/// What the disk under the journal does at the moment. `damaged`: the file was no journal any more,
/// and nothing can be kept until it can be set aside. `ailing`: everything is kept, but in the
/// journal's log, which grows since it cannot be moved into the file, or only at another try.
/// `scarce`: the same, and what the disk says is that it has no room.
enum class Disk { well, full, read_only, failing, damaged, hung, ailing, scarce };
/// "well", "full", "read-only", "failing", "damaged", "hung", "ailing", "scarce".
const char* disk_word(Disk disk);
/// Whether what is new is recorded.
inline bool is_written(Disk disk) {
    return disk == Disk::well || disk == Disk::ailing || disk == Disk::scarce;
}

/// What is said of a log that a reader holds.
std::string held_text(uint64_t log_bytes);

struct JournalState {
    Disk disk = Disk::well;
    std::string text;        // what is wrong with `disk`, and what to do; empty: all is well
    int64_t since_ns = 0;    // wall clock; of `disk`
    uint64_t lost = 0;       // telemetry and commands that were not written down, in this life
    uint64_t bytes = 0;      // of the file and its log
    uint64_t log_bytes = 0;  // of them what is or was in the log since it last began anew
    bool log_held = false;   // it is large because something reads the journal for long
    uint64_t thinned = 0;    // rows taken out by age or size, in this life
    uint64_t set_aside = 0;  // damaged files, in this life
    std::vector<std::string> damaged;  // names of the files that were set aside, all that are there
};

}  // namespace bw::hub
