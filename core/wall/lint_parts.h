// SPDX-License-Identifier: Apache-2.0
// One function per kind of warning; each looks at one layout.
#pragma once

#include <set>
#include <utility>

#include "core/wall/lint.h"

namespace bw::wall {

/// A layout under test, and where its warnings go.
struct LintLayout {
    const config::Site& site;
    const config::Layout& layout;
    const Scene& scene;
    std::vector<config::Fault>& out;
    std::set<std::pair<int, std::string>> told = {};

    /// About the layout as a whole.
    void tell(warning::Number number, std::string text);
    /// About a pane; of the cells of a source grid only the first is told.
    void tell(warning::Number number, const ScenePane& pane, const std::string& text);
};

/// Cells of one source grid that are never in sight together.
bool take_turns(const ScenePane& a, const ScenePane& b);
/// What is in sight at once, where that is most: the first page of each source grid.
std::vector<const ScenePane*> in_sight(const Scene& scene);
RectMm lit_area(const config::Display& display);
std::string listed(const std::vector<std::string>& names);

void lint_sizes(LintLayout& on);
void lint_bezels(LintLayout& on);
void lint_overlaps(LintLayout& on);
void lint_places(LintLayout& on);
void lint_count(LintLayout& on);
void lint_queries(LintLayout& on);
void lint_budget(LintLayout& on, unsigned cores);

}  // namespace bw::wall
