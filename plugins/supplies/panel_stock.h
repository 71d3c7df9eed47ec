// SPDX-License-Identifier: Apache-2.0
// What the supplies panels share: where their scope comes from, and quantities with their units.
#pragma once

#include <beaconwall/sdk/panel.h>
#include <beaconwall/sdk/table.h>
#include <beaconwall/sdk/ui.h>

#include <string>

namespace bw::supplies {

inline constexpr const char* kStock = "beaconwall.supplies.stock.v1";
inline constexpr const char* kShortage = "beaconwall.supplies.shortage.v1";

class StockPanel : public sdk::Panel {
  protected:
    /// "演练数据" when the first of the records is of an exercise.
    [[nodiscard]] std::string scope(const sdk::Records<sdk::Json>& records) const {
        bool exercise = !records.empty() && records.begin()->second.value.flag("exercise");
        return exercise ? std::string(tr("演练数据", "exercise data")) : std::string();
    }
};

}  // namespace bw::supplies
