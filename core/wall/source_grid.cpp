// SPDX-License-Identifier: Apache-2.0
// Queries, and the cells of a source grid.
#include <algorithm>

#include "core/wall/resolve.h"
#include "core/wall/tracks.h"

namespace bw::wall {

bool matches(const config::Query& query, const config::Camera& camera) {
    const auto fits = [](const std::string& wanted, const std::string& is) {
        return wanted.empty() || wanted == is;
    };
    return fits(query.kind, camera.kind) && fits(query.town, camera.town) &&
           fits(query.owner, camera.owner) && camera.id.rfind(query.id_prefix, 0) == 0;
}

std::vector<const config::Camera*> select(const config::Query& query,
                                          const std::vector<config::Camera>& cameras) {
    std::vector<const config::Camera*> found;
    for (const config::Camera& camera : cameras)
        if (matches(query, camera)) found.push_back(&camera);
    std::stable_sort(found.begin(), found.end(),
                     [](const auto* a, const auto* b) { return a->id < b->id; });
    // Of two of one id the first counts: pane ids have to differ.
    found.erase(std::unique(found.begin(), found.end(),
                            [](const auto* a, const auto* b) { return a->id == b->id; }),
                found.end());
    return found;
}

std::vector<RectMm> source_cells(const config::SourceGrid& grid, const RectMm& rect,
                                 double gap_mm) {
    const std::vector<config::Track> across(grid.columns), down(grid.rows);
    const Edges columns = lay_out(across, rect.x, rect.width, gap_mm);
    const Edges rows = lay_out(down, rect.y, rect.height, gap_mm);
    std::vector<RectMm> cells;
    for (size_t row = 0; row < rows.begin.size(); ++row)
        for (size_t column = 0; column < columns.begin.size(); ++column)
            cells.push_back({columns.begin[column], rows.begin[row],
                             columns.end[column] - columns.begin[column],
                             rows.end[row] - rows.begin[row]});
    return cells;
}

}  // namespace bw::wall
