// SPDX-License-Identifier: Apache-2.0
// Identifiers that nobody else has, and checks on names that people and peers give.
#pragma once

#include <string>
#include <string_view>

namespace bw::base {

/// A random UUID (version 4) in text form.
std::string random_uuid();
/// `count` random bytes as hexadecimal text.
std::string random_hex(int count);
/// Letters, digits, '-', '_' and '.', 1 to 64 of them, not starting with '.': safe as a file or
/// socket name.
bool is_safe_name(std::string_view name);

}  // namespace bw::base
