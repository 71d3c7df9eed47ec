// SPDX-License-Identifier: Apache-2.0
// A checkpoint moves thousands of pages or none: where each write may fail, one of a long log would
// never get through, and every hub that starts has to read that log first. So a write to the
// database's own file that fails is tried again, at once. Nothing is lost by it: what is written
// there is in the log until the file is synced, and a sync that failed is never tried again.
#pragma once

#include <cstdint>

struct sqlite3;

namespace bw::hub {

/// Not longer either: a disk that needs seconds to say no would be asked for minutes.
inline constexpr int kWriteTries = 5;
inline constexpr int64_t kWriteTriesNs = 100'000'000;

/// From now on, of this connection; its log (the WAL) is as it was. On the connection's thread.
void write_patiently(sqlite3* connection);

}  // namespace bw::hub
