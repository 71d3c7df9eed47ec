// SPDX-License-Identifier: Apache-2.0
// The gate: may this person do this here? Pure functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/config/site.h"

namespace bw::access {

/// Who asks, as far as permissions go.
struct Person {
    std::string name;                    // "li"
    std::string role_name;               // also when there is no such role any more
    const config::Role* role = nullptr;  // the caller's; null: may nothing
};

/// What a command touches. Names of displays and ids of sources, each once.
struct Extent {
    std::vector<std::string> displays, sources;
};

/// Empty: yes. Else a sentence that names what is missing: who may, or, for somebody who may
/// elsewhere, every scope where they do and what lies outside of it. One capability has to cover
/// the action with all its displays and sources; `site` says which displays a zone has, and the
/// groups of the sources.
std::string why_not(const Person& person, const std::string& action, const Extent& extent,
                    const config::Site& site);

}  // namespace bw::access
