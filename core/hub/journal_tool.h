// SPDX-License-Identifier: Apache-2.0
// The hub's program as a tool on a journal's file, for `beaconwall journal export` and `check`:
//   journal export DATABASE FILE FROM UNTIL TYPE SUBJECT   (times in ns since 1970; "" for none)
//   journal check  DATABASE or FILE
// Reads alone; a hub may run over the same file.
#pragma once

#include <string>
#include <vector>

namespace bw::hub {

/// What follows the word "journal". The process's exit code: 0, 1 with the reasons on stderr, or 2.
int journal_tool(const std::vector<std::string>& words);

}  // namespace bw::hub
