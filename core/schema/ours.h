// SPDX-License-Identifier: Apache-2.0
// The schemas of our own event types, assets/schemas/TYPE.json. They are part of the program: a
// wall that could lose them could lose its takes. Installed as files, too, for who reads them
// (PREFIX/share/beaconwall/schemas). Any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/schema/folder.h"

namespace bw::schema {

struct OurFile {
    std::string_view type;  // "beaconwall.wall.take.v1"
    std::string_view text;  // JSON
};
std::span<const OurFile> our_files();

/// All of them, compiled; what cannot be is in `faults` by its file's name (a test holds that there
/// are none). Some milliseconds.
ByName compile_ours(std::vector<FileFault>& faults);

}  // namespace bw::schema
