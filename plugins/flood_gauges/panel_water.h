// SPDX-License-Identifier: Apache-2.0
// What the four flood panels share: the stations of one kind and what is known of each.
#pragma once

#include <beaconwall/sdk/panel.h>
#include <beaconwall/sdk/table.h>
#include <beaconwall/sdk/ui.h>

#include <string>
#include <vector>

namespace bw::flood {

inline constexpr const char* kStation = "beaconwall.flood.station.v1";
inline constexpr const char* kState = "beaconwall.flood.state.v1";
inline constexpr const char* kSeries = "beaconwall.flood.series.v1";

struct Water {
    std::string id;
    sdk::Json station, state;  // state is null before the first reading
    int64_t time_ns = 0;

    [[nodiscard]] sdk::Level level() const {
        return static_cast<sdk::Level>(state.integer("level", 0));
    }
};

class WaterPanel : public sdk::Panel {
  public:
    explicit WaterPanel(const char* kind) : kind_(kind) {}
    void start() override;
    bool event(const sdk::Event& event) override;

  protected:
    /// Every station, the worst first.
    [[nodiscard]] std::vector<Water> waters() const;
    [[nodiscard]] bool empty() const { return stations_.empty(); }
    [[nodiscard]] int64_t oldest_ns() const { return states_.oldest_ns(); }
    /// "演练数据" when the stations are those of an exercise.
    [[nodiscard]] std::string scope() const;
    [[nodiscard]] std::string name(const Water& water) const {
        return water.station.text_in("name", language(), water.id);
    }
    /// "警戒以上"; "设防以下" below every threshold, "" without a reading.
    [[nodiscard]] std::string level_word(const Water& water) const;
    /// "距警戒 0.42 m"
    [[nodiscard]] std::string distance(const Water& water) const;
    [[nodiscard]] sdk::Trend trend(const Water& water) const;
    [[nodiscard]] std::string rate(const Water& water) const;

  private:
    std::string kind_;
    sdk::Records<sdk::Json> stations_, states_;
};

}  // namespace bw::flood
