// SPDX-License-Identifier: Apache-2.0
#include "panel_board.h"

#include <cmath>

namespace bw::flood {

using namespace bw::sdk;

Row Board::row(const Water& water, const Shape& shape) const {
    Row row;
    row.level = water.level();
    std::string station = name(water);
    row.cells.push_back(shape.short_name ? station.substr(0, station.find(" (")) : station);
    auto level = water.state.get_number("level_m");
    row.cells.push_back(level ? number_text(*level, 2) : std::string("–"));
    row.cells.push_back(std::string(trend_arrow(trend(water))) + " " + rate(water));
    if (shape.flow) {
        auto flow = water.state.get_number("flow_m3s");
        row.cells.push_back(flow ? number_text(*flow, 0) : std::string("–"));
    }
    int64_t age = now_ns() - water.time_ns;
    bool old = water.time_ns != 0 && age > 120'000'000'000;
    if (water.state.is_null()) {
        row.cells.push_back(Cell(std::string(tr("暂无读数", "no reading")), token::text3));
    } else if (old) {
        row.cells.push_back(
            Cell(std::string(icon::clock) + " " + age_text(age, chinese()), token::text2));
    } else {
        // In English the threshold's name stands in the next column already.
        auto left = water.state.get_number("to_next_m");
        std::string shortly = left ? number_text(*left, 2) + " m" : "–";
        row.cells.push_back(Cell(chinese() ? distance(water) : shortly, token::text2));
    }
    row.cells.push_back(Cell::status(water.level(), level_word(water)));
    return row;
}

void Board::draw(Ui& ui) {
    Rect area = ui.bounds();
    std::vector<Water> all = waters();
    std::string count = std::to_string(all.size()) +
                        std::string(tr(" 站", all.size() == 1 ? " station" : " stations"));
    ui.header(area, {.title = tr("河道水情", "River gauges"),
                     .scope = scope(),
                     .count = count,
                     .oldest_ns = oldest_ns()});
    area = {area.x + ui.u(12), area.y, area.w - ui.u(24), area.h - ui.u(4)};
    if (all.empty()) return ui.empty(area, tr("暂无站点数据", "no stations"), now_ns());

    auto rows = static_cast<float>(all.size());
    float titles = ui.line(Text::caption) * 1.2f + ui.u(4);
    bool large = area.w >= ui.u(1050) && rows * ui.line(Text::title) * 1.3f + titles <= area.h;
    float unit = large ? 1.4f : 1.0f;
    Table table;
    table.style = large ? Text::title : Text::body;
    table.columns = {
        {.title = std::string(tr("站点", "station"))},
        {.title = std::string(tr("水位 m", "level m")), .fixed = 84 * unit, .align = Align::right},
        {.title = std::string(tr("趋势", "trend")), .fixed = 124 * unit, .align = Align::right},
        {.title = std::string(tr("距下一级", "to the next")),
         .fixed = (chinese() ? 150 : 100) * unit,
         .align = Align::right},
        {.title = std::string(tr("状态", "state")), .fixed = (chinese() ? 112 : 176) * unit}};
    // A wide pane tells the flow, too, instead of a gap; a narrow one leaves out the river of
    // "Xinchengzi (Andamu)" rather than cut it.
    Shape shape{.short_name = !chinese() && area.w < ui.u(760) * unit,
                .flow = area.w >= ui.u(860) * unit};
    const Column flow{.title = std::string(tr("流量 m³/s", "flow m³/s")),
                      .fixed = 104 * unit,
                      .align = Align::right};
    if (shape.flow) table.columns.insert(table.columns.begin() + 3, flow);
    for (const Water& water : all) table.rows.push_back(row(water, shape));
    ui.table(area, table);
}

}  // namespace bw::flood
