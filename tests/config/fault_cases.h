// SPDX-License-Identifier: Apache-2.0
// One change to the full site for each fault that one file alone can have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bw::config::test {

struct Case {
    int number;
    const char* file;  // changed, and where the fault is found
    const char* from;
    std::string to;
    uint32_t line;     // of the fault
    const char* says;  // part of its text
};

/// Of a site's files.
const std::vector<Case>& site_cases();
/// Of plugins' manifests.
const std::vector<Case>& plugin_cases();

}  // namespace bw::config::test
