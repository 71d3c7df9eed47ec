// SPDX-License-Identifier: Apache-2.0
// The shipped sites, found by listing layouts/, and a rig for one of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/golden/rig.h"

namespace bw::golden {

/// Names of the folders of layouts/ that hold a wall.toml.
std::vector<std::string> shipped_sites();

struct ShippedSite {
    config::Site site;
    std::vector<config::Plugin> plugins;
    std::vector<events::Event> events;  // what its plugins made of the exercise, recorded
    int shrink = 1;                     // how much smaller its pictures are kept
};
/// Loaded once. Faults fail the test.
const ShippedSite& shipped_site(const std::string& name);

/// The name of the approved picture of a display: "demo/overview.left".
std::string picture_name(const ShippedSite& shipped, const config::Layout& layout,
                         const config::Display& display);
/// A wall of that site with all its producers, nothing on the air yet; sets the wall's clock to the
/// end of the recording.
std::unique_ptr<Rig> rig_for(const ShippedSite& shipped, const Rig::SpoilGlyphs& spoil = {});

}  // namespace bw::golden
