// SPDX-License-Identifier: Apache-2.0
#include "panel_stores.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace bw::supplies {

using namespace bw::sdk;

namespace {

constexpr int64_t kBoldNs = 10'000'000'000;

}  // namespace

bool Stores::event(const Event& event) {
    if (!event.replayed && stores_.find(event.id()) != nullptr) {
        changed_ns_[std::string(event.id())] = now_ns();
    }
    stores_.put(event, [&] { return event.data(); });
    return true;
}

std::string Stores::kind_word(const Json& store) const {
    std::string kind = store.text("kind");
    if (kind == "district") return std::string(tr("区级", "district"));
    if (kind == "town") return std::string(tr("镇街", "town"));
    if (kind == "departmental") return std::string(tr("部门", "department"));
    return kind;
}

void Stores::draw(Ui& ui) {
    Rect area = ui.bounds();
    std::vector<std::pair<std::string, Json>> all;
    int64_t pieces = 0;
    for (const auto& [id, entry] : stores_) {
        all.emplace_back(id, entry.value);
        pieces += entry.value.integer("pieces");
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        int64_t x = a.second.integer("shortages"), y = b.second.integer("shortages");
        return x != y ? x > y : a.second.integer("pieces") > b.second.integer("pieces");
    });
    std::string count = std::to_string(all.size()) + std::string(tr(" 库 · ", " stores, ")) +
                        count_text(pieces) + std::string(tr(" 件", " pieces"));
    ui.header(area, {.title = tr("物资仓库", "Stores"), .scope = scope(stores_), .count = count});
    area = {area.x + ui.u(12), area.y, area.w - ui.u(24), area.h - ui.u(4)};
    if (all.empty()) return ui.empty(area, tr("暂无仓库数据", "no stores"), now_ns());

    Table table;
    table.columns = {
        {.title = std::string(tr("仓库", "store")), .share = 1.2f},
        {.title = std::string(tr("类别", "kind")), .fixed = chinese() ? 56.0f : 104.0f},
        {.title = std::string(tr("种类", "kinds")), .fixed = 60, .align = Align::right},
        {.title = std::string(tr("件数", "pieces")), .fixed = 96, .align = Align::right},
        {.title = std::string(tr("缺口", "short")), .fixed = 84, .align = Align::right}};
    for (const auto& [id, store] : all) {
        Row row;
        int64_t missing = store.integer("shortages");
        row.cells.push_back(store.text_in("name", language(), id));
        row.cells.push_back(Cell(kind_word(store), token::text2));
        row.cells.push_back(count_text(store.integer("kinds")));
        Cell amount(count_text(store.integer("pieces")));
        auto changed = changed_ns_.find(id);
        int64_t left = changed == changed_ns_.end() ? 0 : changed->second + kBoldNs - now_ns();
        amount.changed = left > 0;
        if (left > 0) ui.redraw_in(static_cast<double>(left) / 1e9 + 0.02);
        row.cells.push_back(amount);
        row.cells.push_back(missing == 0
                                ? Cell("–", token::text3)
                                : Cell(std::to_string(missing) + std::string(tr(" 种", " kinds"))));
        table.rows.push_back(std::move(row));
    }
    ui.table(area, table);
}

}  // namespace bw::supplies
