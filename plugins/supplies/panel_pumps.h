// SPDX-License-Identifier: Apache-2.0
// Pumps in store: how many of each kind, and where most of them lie. settings.items names other
// items (a list of item ids).
#pragma once

#include <vector>

#include "panel_stock.h"

namespace bw::supplies {

class Pumps final : public StockPanel {
  public:
    void start() override { subscribe(std::string(kStock) + "/"); }
    bool event(const sdk::Event& event) override;
    void draw(sdk::Ui& ui) override;

  private:
    /// The items shown, at most three.
    [[nodiscard]] std::vector<std::string> chosen() const;
    void draw_totals(sdk::Ui& ui, const sdk::Rect& area, const std::vector<std::string>& items);
    [[nodiscard]] sdk::Table by_store(const std::vector<std::string>& items) const;

    sdk::Records<sdk::Json> stores_, items_;
};

}  // namespace bw::supplies
