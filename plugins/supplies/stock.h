// SPDX-License-Identifier: Apache-2.0
// What lies in the stores of a site: quantities, sums and shortages. Data in, JSON out: no clock,
// no socket. One thread.
#pragma once

#include <beaconwall/service/result.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bw::supplies {

inline constexpr const char* kStockType = "beaconwall.supplies.stock.v1";
inline constexpr const char* kShortageType = "beaconwall.supplies.shortage.v1";

struct Line {
    std::string item;
    int64_t pieces = 0, minimum = 0;
    [[nodiscard]] bool is_short() const { return pieces < minimum; }
};

struct Sums {
    int64_t kinds = 0, pieces = 0, shortages = 0;
};
Sums sum(const std::vector<Line>& lines);

class Stock {
  public:
    /// Errors: "invalid" with what is wrong; then nothing is known.
    base::Status load(const std::string& items_json, const std::string& stores_json);

    /// What lies there now; false if this site has no such store or item.
    bool set(std::string_view store, std::string_view item, int64_t pieces);
    /// Takes over the quantities of a store's record from an earlier life of this service.
    void adopt(std::string_view store, const std::string& record_json);

    [[nodiscard]] std::vector<std::string> stores() const;
    [[nodiscard]] std::vector<std::string> items() const;
    [[nodiscard]] const std::vector<Line>& lines(std::string_view store) const;
    /// JSON of the records store/ID and item/ID.
    [[nodiscard]] std::string store_record(std::string_view store) const;
    [[nodiscard]] std::string item_record(std::string_view item) const;
    /// JSON of the record shortage/STORE/ITEM; empty where nothing is short.
    [[nodiscard]] std::string shortage_record(std::string_view store, std::string_view item) const;

  private:
    struct Store {
        std::string facts;  // JSON: name, kind, town, place
        std::vector<Line> lines;
    };
    [[nodiscard]] const Line* find(std::string_view store, std::string_view item) const;

    std::map<std::string, Store, std::less<>> stores_;
    std::map<std::string, std::string, std::less<>> items_;  // JSON: name, unit, category
};

}  // namespace bw::supplies
