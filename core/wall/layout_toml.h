// SPDX-License-Identifier: Apache-2.0
// A layout as the file that a person would write.
#pragma once

#include <string>
#include <vector>

#include "core/config/site.h"

namespace bw::wall {

/// The text of layouts/NAME.toml: what is not as by default, areas in columns, `comments` as the
/// first lines. Reading it gives an equal layout (but for its name, which is the file's), if the
/// layout could have been read: settings without null, a focus only of a crop.
std::string to_toml(const config::Layout& layout, const std::vector<std::string>& comments);

}  // namespace bw::wall
