// SPDX-License-Identifier: Apache-2.0
#include "panel_pumps.h"

#include <algorithm>
#include <numeric>

namespace bw::supplies {

using namespace bw::sdk;

namespace {

constexpr size_t kMost = 2;

int64_t pieces_of(const Json& store, const std::string& item) {
    int64_t pieces = 0;
    store.each("items", [&](const Json& line) {
        if (line.at(size_t{0}).text("") == item) pieces = line.at(size_t{1}).integer("");
    });
    return pieces;
}

}  // namespace

bool Pumps::event(const Event& event) {
    bool store = event.subject.substr(0, 6) == "store/";
    auto& records = store ? stores_ : items_;
    std::vector<std::string> items = chosen();
    auto amounts = [&] {
        std::string all;
        const auto* entry = records.find(event.id());
        if (entry == nullptr) return all;
        for (const std::string& item : items) {
            all += (store ? std::to_string(pieces_of(entry->value, item))
                          : entry->value.text("pieces") + entry->value.text("minimum")) +
                   "|";
        }
        return all;
    };
    std::string before = amounts();
    records.put(event, [&] { return event.data(); });
    return items.empty() || before != amounts() || chosen() != items;
}

std::vector<std::string> Pumps::chosen() const {
    std::vector<std::string> items;
    settings().each("items", [&](const Json& item) { items.push_back(item.text("")); });
    if (items.empty()) {
        for (const auto& [id, entry] : items_) {
            bool pump = entry.value.text("category") == "flood" &&
                        entry.value.text("name.zh").find("泵") != std::string::npos;
            if (pump) items.push_back(id);
        }
    }
    if (items.size() > kMost) items.resize(kMost);
    return items;
}

void Pumps::draw_totals(Ui& ui, const Rect& area, const std::vector<std::string>& items) {
    int columns = static_cast<int>(items.size());
    for (int i = 0; i < columns; ++i) {
        const auto* entry = items_.find(items[static_cast<size_t>(i)]);
        if (entry == nullptr) continue;
        const Json& item = entry->value;
        std::string name = item.text_in("name", language()),
                    unit = item.text_in("unit", language());
        std::string value = count_text(item.integer("pieces"));
        std::string note = std::string(tr("最低储备 ", "least ")) +
                           count_text(item.integer("minimum")) + std::string(tr(" · ", ", ")) +
                           item.text("stores") + std::string(tr(" 库", " stores"));
        Rect card = area.cell(i, 0, columns, 1, ui.u(8));
        ui.fill(card, token::raised);
        ui.big_number(card.inset(ui.u(10)),
                      {.value = value, .unit = unit, .label = name, .note = note});
    }
}

Table Pumps::by_store(const std::vector<std::string>& items) const {
    struct Entry {
        std::string name;
        std::vector<int64_t> pieces;
        int64_t all = 0;
    };
    std::vector<Entry> entries;
    for (const auto& [id, store] : stores_) {
        Entry entry{store.value.text_in("name", language(), id), {}};
        for (const std::string& item : items) entry.pieces.push_back(pieces_of(store.value, item));
        entry.all = std::accumulate(entry.pieces.begin(), entry.pieces.end(), int64_t{0});
        if (entry.all > 0) entries.push_back(std::move(entry));
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.all > b.all; });
    Table table;
    table.columns.push_back({.title = std::string(tr("仓库", "store"))});
    for (const std::string& id : items) {
        const auto* item = items_.find(id);
        table.columns.push_back(
            {.title = item == nullptr ? id : item->value.text_in("name", language(), id),
             .fixed = chinese() ? 90.0f : 120.0f,
             .align = Align::right});
    }
    for (const Entry& entry : entries) {
        Row row;
        row.cells.push_back(entry.name);
        for (int64_t pieces : entry.pieces) row.cells.push_back(count_text(pieces));
        table.rows.push_back(std::move(row));
    }
    table.empty = tr("库中无泵", "no pumps in store");
    return table;
}

void Pumps::draw(Ui& ui) {
    Rect area = ui.bounds();
    std::vector<std::string> items = chosen();
    ui.header(area, {.title = tr("排水泵", "Pumps in store"), .scope = scope(stores_)});
    area = {area.x + ui.u(12), area.y, area.w - ui.u(24), area.h - ui.u(4)};
    if (items.empty()) return ui.empty(area, tr("暂无物资数据", "no stock data"), now_ns());
    if (area.h > ui.u(230)) draw_totals(ui, area.cut_top(ui.u(116), ui.u(8)), items);
    ui.table(area, by_store(items));
}

}  // namespace bw::supplies
