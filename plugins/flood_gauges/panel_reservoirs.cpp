// SPDX-License-Identifier: Apache-2.0
#include "panel_reservoirs.h"

#include <algorithm>
#include <cmath>

namespace bw::flood {

using namespace bw::sdk;

void Reservoirs::draw_card(Ui& ui, Rect area, const Water& water) const {
    ui.fill(area, token::raised);
    area = area.inset(ui.u(10));
    auto level = water.state.get_number("level_m");
    auto in = water.state.get_number("inflow_m3s"), out = water.state.get_number("outflow_m3s");
    std::string flows;
    if (in && out) {
        flows = (chinese() ? "入 " : "in ") + number_text(*in, 0) +
                (chinese() ? "  出 " : "  out ") + number_text(*out, 0) + " m³/s";
    }
    if (auto storage = water.state.get_number("storage_1e8m3")) {
        std::string held = (chinese() ? "  蓄 " : "  holds ") + number_text(*storage, 2) +
                           (chinese() ? " 亿m³" : "e8 m³");
        if (ui.width(Text::caption, flows + held) <= area.w) flows += held;
    }
    bool over = water.level() != Level::none;
    std::string value = level ? number_text(*level, 2) : "–";
    std::string title = name(water), note = distance(water), word = over ? level_word(water) : "";
    if (!over && level && area.w > ui.u(330)) note += "  " + rate(water);
    float caption = ui.line(Text::caption);
    // The last line of a card is the first to go where there is no room for it.
    if (!flows.empty() && area.h > ui.u(110)) {
        ui.text(area.cut_bottom(caption), Text::caption, token::text2, flows);
    }
    ui.big_number(area, {.value = value,
                         .unit = "m",
                         .label = title,
                         .trend = trend(water),
                         .note = note,
                         .level = water.level(),
                         .level_word = word});
}

void Reservoirs::draw(Ui& ui) {
    Rect area = ui.bounds();
    std::vector<Water> all = waters();
    std::string count = std::to_string(all.size()) + std::string(tr(" 座", ""));
    ui.header(area, {.title = tr("水库", "Reservoirs"),
                     .scope = scope(),
                     .count = count,
                     .oldest_ns = oldest_ns()});
    area = area.inset(ui.u(12));
    // In the bottom corner of a pane without a caption stands the host's exercise mark.
    area.cut_bottom(ui.u(14));
    if (all.empty()) return ui.empty(area, tr("暂无水库数据", "no reservoirs"), now_ns());
    int columns = std::clamp(static_cast<int>(area.w / ui.u(215)), 1, 4);
    columns = std::min(columns, static_cast<int>(all.size()) > 4 ? 4 : (all.size() > 2 ? 2 : 1));
    int rows = std::max(1, std::min((static_cast<int>(all.size()) + columns - 1) / columns,
                                    static_cast<int>(area.h / ui.u(96))));
    size_t shown = std::min(all.size(), static_cast<size_t>(rows * columns));
    for (size_t i = 0; i < shown; ++i) {
        int column = static_cast<int>(i) % columns, row = static_cast<int>(i) / columns;
        draw_card(ui, area.cell(column, row, columns, rows, ui.u(8)), all[i]);
    }
}

}  // namespace bw::flood
