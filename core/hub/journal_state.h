// SPDX-License-Identifier: Apache-2.0
// How the journal is: what people are told about its disk. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bw::hub {

/// What the disk under the journal does at the moment. `damaged`: the file was no journal any more,
/// and nothing can be kept until it can be set aside.
enum class Disk { well, full, read_only, failing, damaged, hung };
/// "well", "full", "read-only", "failing", "damaged", "hung".
const char* disk_word(Disk disk);

struct JournalState {
    Disk disk = Disk::well;
    std::string text;        // why nothing is kept, and what to do; empty: all is kept
    int64_t since_ns = 0;    // wall clock; of `disk`
    uint64_t lost = 0;       // telemetry and commands that were not written down, in this life
    uint64_t bytes = 0;      // of the file and its log
    uint64_t thinned = 0;    // rows taken out by age or size, in this life
    uint64_t set_aside = 0;  // damaged files, in this life
    std::vector<std::string> damaged;  // names of the files that were set aside, all that are there
};

}  // namespace bw::hub
