// SPDX-License-Identifier: Apache-2.0
// A commit and a checkpoint are many writes each, and count as a whole or not at all: where each
// write may fail, large ones hardly ever get through, and nobody's events are kept or every hub
// that starts has a long log to read. So a write that fails is tried again, at once. Nothing
// depends on it before the file is synced, and a sync that failed is never tried again.
#pragma once

#include <cstdint>

struct sqlite3;

namespace bw::hub {

/// Not longer either: a disk that needs seconds to say no would be asked for minutes.
inline constexpr int kWriteTries = 5;
inline constexpr int64_t kWriteTriesNs = 100'000'000;

/// When a write last got through only at another try (CLOCK_MONOTONIC; 0: none did), and whether it
/// was for want of room. Of the thread that asks.
struct Repeat {
    int64_t at_ns = 0;
    bool full = false;
};
Repeat last_repeat();

/// From now on, of this connection: its file, and its log (the WAL) if that is open. On the
/// connection's thread.
void write_patiently(sqlite3* connection);

}  // namespace bw::hub
