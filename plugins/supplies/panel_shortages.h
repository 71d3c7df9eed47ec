// SPDX-License-Identifier: Apache-2.0
// What lies below its minimum, the worst first.
#pragma once

#include "panel_stock.h"

namespace bw::supplies {

class Shortages final : public StockPanel {
  public:
    void start() override {
        subscribe(std::string(kShortage) + "/");
        subscribe(std::string(kStock) + "/store/");
    }
    bool event(const sdk::Event& event) override;
    void draw(sdk::Ui& ui) override;

  private:
    sdk::Records<sdk::Json> shortages_;
    size_t stores_ = 0;  // to tell "nothing is short" from "nothing is known"
};

}  // namespace bw::supplies
