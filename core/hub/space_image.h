// SPDX-License-Identifier: Apache-2.0
// What an exercise was begun with, in a file: STATE/spaces/NAME.image. The journal has only what
// came after. Any thread; files wait for the disk: never on the loop of a running hub.
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/hub/stored.h"

namespace bw::hub {

/// The same event in another space; it stands in no journal.
StoredPtr in_space(const Stored& row, const std::string& space);

std::filesystem::path image_file(const std::filesystem::path& state_dir, const std::string& space);
/// Whole or not at all, and onto the disk. An error says what a person does about it.
base::Status write_image(const std::filesystem::path& file, const std::vector<StoredPtr>& rows);
/// "invalid": it is no image, or not a whole one.
base::Result<std::vector<StoredPtr>> read_image(const std::filesystem::path& file);
/// Removes the images of all spaces but these.
void remove_images_but(const std::filesystem::path& state_dir,
                       const std::vector<std::string>& spaces);

}  // namespace bw::hub
