// SPDX-License-Identifier: Apache-2.0
#include "stock.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace bw::supplies {

using nlohmann::json;

Sums sum(const std::vector<Line>& lines) {
    Sums sums;
    for (const Line& line : lines) {
        sums.kinds += line.pieces > 0 ? 1 : 0;
        sums.pieces += line.pieces;
        sums.shortages += line.is_short() ? 1 : 0;
    }
    return sums;
}

base::Status Stock::load(const std::string& items_json, const std::string& stores_json) {
    try {
        json items = json::parse(items_json), stores = json::parse(stores_json);
        for (const json& row : items.at("items")) {
            items_[row.at("id")] = json{{"name", row.at("name")},
                                        {"unit", row.at("unit")},
                                        {"category", row.at("category")},
                                        {"exercise", row.value("synthetic", false)}}
                                       .dump();
        }
        for (const json& row : stores.at("stores")) {
            Store store;
            store.facts =
                json{{"name", row.at("name")},         {"kind", row.at("kind")},
                     {"town", row.at("town")},         {"longitude", row.at("longitude")},
                     {"latitude", row.at("latitude")}, {"exercise", row.value("synthetic", false)}}
                    .dump();
            for (const json& line : row.at("stock")) {
                store.lines.push_back({line.at(0), line.at(1), line.at(2)});
            }
            stores_[row.at("id")] = std::move(store);
        }
    } catch (const json::exception& fault) {
        stores_.clear();
        items_.clear();
        return base::Error{"invalid", fault.what()};
    }
    return {};
}

const Line* Stock::find(std::string_view store, std::string_view item) const {
    auto found = stores_.find(store);
    if (found == stores_.end()) return nullptr;
    for (const Line& line : found->second.lines) {
        if (line.item == item) return &line;
    }
    return nullptr;
}

bool Stock::set(std::string_view store, std::string_view item, int64_t pieces) {
    auto found = stores_.find(store);
    if (found == stores_.end() || pieces < 0) return false;
    for (Line& line : found->second.lines) {
        if (line.item != item) continue;
        line.pieces = pieces;
        return true;
    }
    return false;
}

void Stock::adopt(std::string_view store, const std::string& record_json) {
    json record = json::parse(record_json, nullptr, false);
    if (!record.is_object() || !record.contains("items") || !record["items"].is_array()) return;
    for (const json& row : record["items"]) {
        bool whole = row.is_array() && row.size() >= 2 && row[0].is_string() && row[1].is_number();
        if (whole) set(store, row[0].get<std::string>(), row[1].get<int64_t>());
    }
}

std::vector<std::string> Stock::stores() const {
    std::vector<std::string> ids;
    for (const auto& [id, store] : stores_) ids.push_back(id);
    return ids;
}

std::vector<std::string> Stock::items() const {
    std::vector<std::string> ids;
    for (const auto& [id, item] : items_) ids.push_back(id);
    return ids;
}

const std::vector<Line>& Stock::lines(std::string_view store) const {
    static const std::vector<Line> none;
    auto found = stores_.find(store);
    return found == stores_.end() ? none : found->second.lines;
}

std::string Stock::store_record(std::string_view store) const {
    auto found = stores_.find(store);
    if (found == stores_.end()) return {};
    json record = json::parse(found->second.facts);
    Sums sums = sum(found->second.lines);
    record["kinds"] = sums.kinds;
    record["pieces"] = sums.pieces;
    record["shortages"] = sums.shortages;
    json lines = json::array();
    for (const Line& line : found->second.lines) {
        lines.push_back({line.item, line.pieces, line.minimum});
    }
    record["items"] = std::move(lines);
    return record.dump();
}

std::string Stock::item_record(std::string_view item) const {
    auto found = items_.find(item);
    if (found == items_.end()) return {};
    json record = json::parse(found->second);
    int64_t pieces = 0, minimum = 0, kept = 0, shortages = 0, most = 0;
    std::string most_store;
    for (const auto& [id, store] : stores_) {
        const Line* line = find(id, item);
        if (line == nullptr) continue;
        pieces += line->pieces;
        minimum += line->minimum;
        kept += 1;
        shortages += line->is_short() ? 1 : 0;
        if (line->pieces > most) {
            most = line->pieces;
            most_store = id;
        }
    }
    record["pieces"] = pieces;
    record["minimum"] = minimum;
    record["stores"] = kept;
    record["shortages"] = shortages;
    record["most_store"] = most_store;
    return record.dump();
}

std::string Stock::shortage_record(std::string_view store, std::string_view item) const {
    const Line* line = find(store, item);
    auto thing = items_.find(item);
    if (line == nullptr || !line->is_short() || thing == items_.end()) return {};
    json record = json::parse(thing->second);
    json facts = json::parse(stores_.find(store)->second.facts);
    record["item_name"] = record["name"];
    record.erase("name");
    record["store_name"] = facts["name"];
    record["pieces"] = line->pieces;
    record["minimum"] = line->minimum;
    record["missing"] = line->minimum - line->pieces;
    return record.dump();
}

}  // namespace bw::supplies
