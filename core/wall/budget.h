// SPDX-License-Identifier: Apache-2.0
// What a layout's pictures cost where no graphics card decodes or draws. An estimate from
// measurements, for an officer who plans a wall; docs/faults.md says what is assumed.
#pragma once

#include <string>
#include <vector>

#include "core/wall/scene.h"

namespace bw::wall {

struct Budget {
    size_t panes = 0, pictures = 0;  // in sight at once; pictures: of cameras
    size_t mains = 0, subs = 0;      // streams decoded, each source once
    double decode_cores = 0, draw_cores = 0;
    std::vector<std::string> large;        // sources decoded from their main stream, by size
    std::vector<std::string> without_sub;  // those that are small and have no other
    [[nodiscard]] double cores() const { return decode_cores + draw_cores; }
};

/// Of a panel the cameras that its settings name are taken to fill its pane in equal cells; what
/// else it shows is not known before it draws.
Budget budget_of(const config::Site& site, const Scene& scene);

enum class Verdict { fits, tight, too_much };
/// `tight`: nothing is left for a preview that warms up, for panels and for the system.
Verdict verdict(const Budget& budget, unsigned cores);

}  // namespace bw::wall
