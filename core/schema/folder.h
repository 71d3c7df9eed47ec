// SPDX-License-Identifier: Apache-2.0
// The schemas of a plugin's folder schemas/: TYPE.json for each event type, settings/PANEL.json for
// each panel's settings.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/schema/schema.h"

namespace bw::schema {

using ByName = std::map<std::string, std::shared_ptr<const Schema>>;

struct FileFault {
    std::filesystem::path file;
    std::string text;
};

struct Folder {
    ByName events;    // by type: "beaconwall.flood.state.v1"
    ByName settings;  // by panel: "board"
    std::vector<FileFault> faults;
};

/// What is there and can be read; the rest is in `faults`. No folder: empty. Other files than
/// *.json are left alone. Any thread.
Folder read_folder(const std::filesystem::path& folder);
/// Its part for the panels alone.
ByName read_settings(const std::filesystem::path& folder, std::vector<FileFault>& faults);

}  // namespace bw::schema
