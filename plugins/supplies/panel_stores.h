// SPDX-License-Identifier: Apache-2.0
// By store: kinds, pieces, what is short; the store with the most shortages first.
#pragma once

#include <map>

#include "panel_stock.h"

namespace bw::supplies {

class Stores final : public StockPanel {
  public:
    void start() override { subscribe(std::string(kStock) + "/store/"); }
    bool event(const sdk::Event& event) override;
    void draw(sdk::Ui& ui) override;

  private:
    [[nodiscard]] std::string kind_word(const sdk::Json& store) const;

    sdk::Records<sdk::Json> stores_;
    std::map<std::string, int64_t, std::less<>> changed_ns_;  // bold for ten seconds
};

}  // namespace bw::supplies
