// SPDX-License-Identifier: Apache-2.0
// What follows from readings: trend, warning level, distance to the next threshold, forecast. Pure;
// times are nanoseconds of the station's own clock (the exercise's, in an exercise).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bw::flood {

struct Threshold {
    std::string code, zh, en;
    int level = 0;  // 1 blue (IV) … 4 red (I): the warning level from here on
    double level_m = 0;
};

struct Verdict {
    int level = 0;
    const Threshold* reached = nullptr;  // the highest one at or below the water
    const Threshold* next = nullptr;     // the lowest one above it
    double to_next_m = 0;
};
/// `thresholds` in rising order.
Verdict judge(double level_m, const std::vector<Threshold>& thresholds);

/// Whether a gauge can have moved like this: false marks the reading as suspect. A river does not
/// change by more than 20 m in an hour, nor by 0.5 m at once.
bool plausible(double from_m, double to_m, double hours);

inline constexpr size_t kPoints = 96;
inline constexpr int64_t kStepNs = 900'000'000'000;  // 15 minutes

struct Forecast {
    std::vector<double> points, low, high;  // one per step after the series' end
};

/// A station's last day: raw readings of the last hour for the trend, one value per step for the
/// picture.
class History {
  public:
    /// Adds a reading. A reading over a minute older than the newest means that the clock began
    /// anew: what was known is dropped.
    void add(int64_t time_ns, double value);
    /// Fills steps that have no value from a logger's record; `end_ns` is the last point's time.
    void fill(int64_t end_ns, int64_t step_ns, const std::vector<std::optional<double>>& points);

    [[nodiscard]] bool empty() const { return steps_.empty(); }
    [[nodiscard]] int64_t newest_ns() const { return newest_ns_; }
    /// Metres (or whatever the value is) per hour over the last hour by least squares; nothing with
    /// under ten minutes of readings.
    [[nodiscard]] std::optional<double> rate_per_hour() const;
    /// The last value at or before `time_ns`, not older than a step; nothing if there is none.
    [[nodiscard]] std::optional<double> value_at(int64_t time_ns) const;
    /// Begin of the step that the newest value lies in; its point is the first value of that step.
    [[nodiscard]] int64_t end_ns() const;
    /// kPoints values, the last at end_ns(); gaps stay empty.
    [[nodiscard]] std::vector<std::optional<double>> series() const;
    /// Straight on at the present rate, for `steps` steps; the band widens with the distance.
    /// Empty without a rate.
    [[nodiscard]] Forecast extrapolate(size_t steps) const;

  private:
    std::deque<std::pair<int64_t, double>> recent_;  // of the last hour
    std::deque<std::pair<int64_t, double>> steps_;   // step number → its first value
    int64_t newest_ns_ = 0;
    double newest_ = 0;
};

/// Storage in 10⁸ m³ at a level by linear interpolation of [level, storage] rows; nothing outside.
std::optional<double> storage_at(const std::vector<std::array<double, 2>>& curve, double level_m);

}  // namespace bw::flood
