// SPDX-License-Identifier: Apache-2.0
// The patterns that schemas may have: what RapidJSON's matcher and everybody else's read alike, and
// that cost little. Any thread.
#pragma once

#include <cstddef>
#include <string>

namespace bw::schema {

/// Why it may not be used, and what may; empty: it may.
std::string pattern_fault(const std::string& pattern);
/// How many steps of the matcher a character of a text costs, at most. Of one that may be used.
size_t pattern_steps(const std::string& pattern);

}  // namespace bw::schema
