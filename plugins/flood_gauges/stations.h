// SPDX-License-Identifier: Apache-2.0
// The stations of a site and what is known of each. Events go in, events come out: no clock, no
// socket. One thread.
#pragma once

#include <beaconwall/service/event.h>
#include <beaconwall/service/records.h>
#include <beaconwall/service/result.h>

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "derive.h"

namespace bw::flood {

inline constexpr const char* kStationType = "beaconwall.flood.station.v1";
inline constexpr const char* kStateType = "beaconwall.flood.state.v1";
inline constexpr const char* kSeriesType = "beaconwall.flood.series.v1";

using Publish = std::function<void(events::Event)>;

class Stations {
  public:
    /// Adds the rows of `member` of a JSON document. Errors: "invalid" with what is wrong.
    base::Status load(const std::string& json_text, const char* member);

    /// Subject and data of one record per station.
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& records() const {
        return records_;
    }

    /// A reading, a logger's history or one of our own series of an earlier life. Readings answer
    /// with the station's new state. What concerns no station of ours is ignored.
    void take(const events::Event& event, const Publish& publish);

    /// The day's series of every station that has a new point since the last call.
    void publish_series(const Publish& publish);

  private:
    struct Station {
        std::string id, kind, value;  // value: the member that the history is of
        std::vector<Threshold> thresholds;
        std::vector<std::array<double, 2>> curve;
        History history;
        double last = 0;
        int64_t told_end_ns = -1;
        bool exercise = false;
    };
    void fill(Station& station, const events::Event& event);
    void read(Station& station, const events::Event& event, const Publish& publish);

    std::map<std::string, Station, std::less<>> stations_;
    std::vector<std::pair<std::string, std::string>> records_;
};

}  // namespace bw::flood
