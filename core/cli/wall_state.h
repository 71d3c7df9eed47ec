// SPDX-License-Identifier: Apache-2.0
// What the verbs share that keep a wall's people and keys: its state folder, and its roles.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace bw::cli {

/// Which wall; one of them at least.
struct WallOptions {
    std::optional<std::filesystem::path> site, state_dir, run_dir;
};

/// Says it on stderr; gives the code.
int fail(const std::string& text, int code = 1);
base::Error no(std::string text);

/// The wall's state folder, made if it is not there; empty after saying what is wrong.
std::filesystem::path folder_of(const WallOptions& options);
/// False after saying why there is no such role.
bool has_role(const WallOptions& options, const std::string& role);

}  // namespace bw::cli
