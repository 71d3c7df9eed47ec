// SPDX-License-Identifier: Apache-2.0
#include "panel_shortages.h"

#include <algorithm>
#include <vector>

namespace bw::supplies {

using namespace bw::sdk;

bool Shortages::event(const Event& event) {
    if (event.type == kStock) return stores_++ == 0;
    shortages_.put(event, [&] { return event.data(); });
    return true;
}

void Shortages::draw(Ui& ui) {
    Rect area = ui.bounds();
    std::vector<Json> all;
    for (const auto& [id, entry] : shortages_) all.push_back(entry.value);
    auto share = [](const Json& row) {
        return row.number("pieces") / std::max(1.0, row.number("minimum"));
    };
    std::stable_sort(all.begin(), all.end(),
                     [&](const Json& a, const Json& b) { return share(a) < share(b); });
    std::string count = std::to_string(all.size()) + std::string(tr(" 项", " short"));
    ui.header(area,
              {.title = tr("物资缺口", "Shortages"), .scope = scope(shortages_), .count = count});
    area = {area.x + ui.u(12), area.y, area.w - ui.u(24), area.h - ui.u(4)};
    if (all.empty()) {
        return ui.empty(area,
                        stores_ > 0 ? tr("物资均在最低储备以上", "nothing is short")
                                    : tr("暂无物资数据", "no stock data"),
                        now_ns());
    }
    // On a narrow pane the missing amount is told by the bar's figures alone.
    bool wide = area.w > ui.u(520);
    Table table;
    table.columns = {{.title = std::string(tr("物资", "item")), .share = 1},
                     {.title = std::string(tr("仓库", "store")), .share = 1},
                     {.title = std::string(tr("现有 / 最低", "in store / least")), .share = 1.4f}};
    if (wide) {
        table.columns.push_back(
            {.title = std::string(tr("缺", "missing")), .fixed = 104, .align = Align::right});
    }
    for (const Json& entry : all) {
        Row row;
        row.cells.push_back(entry.text_in("item_name", language()));
        row.cells.push_back(Cell(entry.text_in("store_name", language()), token::text2));
        row.cells.push_back(Cell::bar(share(entry), count_text(entry.integer("pieces")) + "/" +
                                                        count_text(entry.integer("minimum"))));
        if (wide) {
            row.cells.push_back(count_text(entry.integer("missing")) + " " +
                                entry.text_in("unit", language()));
        }
        table.rows.push_back(std::move(row));
    }
    ui.table(area, table);
}

}  // namespace bw::supplies
