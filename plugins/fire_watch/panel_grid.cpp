// SPDX-License-Identifier: Apache-2.0
#include "panel_grid.h"

#include <algorithm>
#include <cmath>

namespace bw::fire {

using namespace bw::sdk;

namespace {

constexpr float kCaptionUnits = 26;  // what the host's caption takes off the top of a picture

/// Width of the largest 16:9 picture that fits into a cell with its caption.
float width_in(const Rect& cell, float caption) {
    return std::min(cell.w, std::max(0.0f, cell.h - caption) * 16 / 9);
}

/// The middle of `area`, so large that its equal cells are filled by pictures with their captions:
/// the gutters between them are the same across and down.
Rect packed(const Rect& area, int columns, int rows, float gap, float caption) {
    const float width = width_in(area.cell(0, 0, columns, rows, gap), caption);
    const auto across = static_cast<float>(columns), down = static_cast<float>(rows);
    const float w = across * width + (across - 1) * gap;
    const float h = down * (width * 9 / 16 + caption) + (down - 1) * gap;
    return {area.x + (area.w - w) / 2, area.y + (area.h - h) / 2, w, h};
}

/// As many columns as make the pictures largest.
int best_columns(const Rect& area, int count, float gap, float caption) {
    int best = 1;
    float best_width = 0;
    for (int columns = 1; columns <= count; ++columns) {
        int rows = (count + columns - 1) / columns;
        float width = width_in(area.cell(0, 0, columns, rows, gap), caption);
        if (width > best_width) {
            best = columns;
            best_width = width;
        }
    }
    return best;
}

}  // namespace

std::vector<std::string> Grid::cameras() const {
    std::vector<std::string> all;
    if (settings().at("cameras").is_array()) {
        settings().each("cameras", [&](const Json& id) { all.push_back(id.text("")); });
    } else {
        incident().each("cameras", [&](const Json& camera) { all.push_back(camera.text("id")); });
    }
    return all;
}

void Grid::draw(Ui& ui) {
    Rect area = ui.bounds();
    std::vector<std::string> all = cameras();
    bool near = !settings().at("cameras").is_array();
    Json fire = incident();
    if (settings().flag("header", true)) {
        std::string count = std::to_string(all.size()) + std::string(tr(" 路", " cameras"));
        ui.header(area, {.title = near ? tr("能看到该处的视频", "Cameras that see the place")
                                       : tr("视频", "Cameras"),
                         .scope = near ? scope(fire) : "",
                         .count = all.empty() ? "" : std::string_view(count)});
    }
    area = area.inset(ui.u(4));
    if (all.empty()) {
        return ui.empty(
            area, near ? tr("当前无火情", "no incident now") : tr("未选视频", "no cameras chosen"),
            now_ns());
    }
    int count = static_cast<int>(all.size());
    float gap = ui.u(4);
    int columns = std::clamp(static_cast<int>(settings().integer("columns", 0)), 0, count);
    if (columns == 0) columns = best_columns(area, count, gap, ui.u(kCaptionUnits));
    int rows = (count + columns - 1) / columns;
    area = packed(area, columns, rows, gap, ui.u(kCaptionUnits));
    for (int i = 0; i < count; ++i) {
        const std::string& id = all[static_cast<size_t>(i)];
        std::string source = "camera/" + id;
        ui.camera(area.cell(i % columns, i / columns, columns, rows, gap),
                  {.source = source, .level = alarmed(id) ? Level::red : Level::none});
    }
}

}  // namespace bw::fire
