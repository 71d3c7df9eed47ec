// SPDX-License-Identifier: Apache-2.0
#include "panel_rain.h"

#include <algorithm>

namespace bw::flood {

using namespace bw::sdk;

namespace {

/// The weather service's words for 24 hours of rain.
std::string_view rain_word(double mm, bool chinese) {
    struct Grade {
        double from;
        const char *zh, *en;
    };
    constexpr Grade kGrades[] = {{250, "特大暴雨", "extreme"}, {100, "大暴雨", "very severe"},
                                 {50, "暴雨", "severe"},       {25, "大雨", "heavy"},
                                 {10, "中雨", "moderate"},     {0.1, "小雨", "light"}};
    for (const Grade& grade : kGrades) {
        if (mm >= grade.from) return chinese ? grade.zh : grade.en;
    }
    return chinese ? "无雨" : "none";
}

}  // namespace

void Rain::draw(Ui& ui) {
    Rect area = ui.bounds();
    std::vector<Water> all = waters();
    auto day = [](const Water& water) { return water.state.number("rain_24h_mm", -1); };
    std::stable_sort(all.begin(), all.end(),
                     [&](const Water& a, const Water& b) { return day(a) > day(b); });
    std::string count = std::to_string(all.size()) + std::string(tr(" 站", " gauges"));
    ui.header(area, {.title = tr("雨量排名", "Rain"),
                     .scope = scope(),
                     .count = count,
                     .oldest_ns = oldest_ns()});
    area = {area.x + ui.u(12), area.y, area.w - ui.u(24), area.h - ui.u(4)};
    if (all.empty()) return ui.empty(area, tr("暂无雨量站", "no rain gauges"), now_ns());

    double most = std::max(10.0, day(all.front()));
    Table table;
    table.columns = {
        {.title = std::string(tr("站点", "gauge")), .share = 1.1f},
        {.title = std::string(tr("1 小时 mm", "1 h mm")), .fixed = 92, .align = Align::right},
        {.title = std::string(tr("24 小时 mm", "24 h mm")), .share = 1.2f},
        {.title = std::string(tr("等级", "grade")), .fixed = chinese() ? 84.0f : 112.0f}};
    for (const Water& water : all) {
        Row row;
        row.cells.push_back(name(water));
        auto hour = water.state.get_number("rain_1h_mm"),
             total = water.state.get_number("rain_24h_mm");
        row.cells.push_back(hour ? number_text(*hour, 1) : std::string("–"));
        row.cells.push_back(total ? Cell::bar(*total / most, number_text(*total, 1)) : Cell("–"));
        row.cells.push_back(
            Cell(total ? std::string(rain_word(*total, chinese())) : std::string(), token::text2));
        table.rows.push_back(std::move(row));
    }
    ui.table(area, table);
}

}  // namespace bw::flood
