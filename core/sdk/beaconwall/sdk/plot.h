// SPDX-License-Identifier: Apache-2.0
// Time series: local clock time with day breaks, thresholds as labelled lines, gaps left open,
// forecasts lighter with their band, the last value at the end of its line.
#pragma once

#include <beaconwall/sdk/ui.h>

#include <limits>
#include <string>
#include <vector>

namespace bw::sdk {

struct Sample {
    int64_t time_ns;  // wall clock, ns since 1970
    double value;
    double low = std::numeric_limits<double>::quiet_NaN();  // band of a forecast
    double high = std::numeric_limits<double>::quiet_NaN();
};

struct Series {
    std::string name;
    std::vector<Sample> samples;  // in order of time
    int64_t max_gap_ns = 0;       // a longer pause between samples is a gap, left open; 0: never
    bool forecast = false;        // lighter and dashed
    int shade = 0;                // 0…2: token::series with its own dash
    bool last_value = true;
};

struct Threshold {
    std::string label;  // "警戒 152.00"
    double value;
    Level level = Level::none;
};

struct Plot {
    std::vector<Series> series;
    std::vector<Threshold> thresholds = {};
    int64_t from_ns = 0, to_ns = 0;  // 0, 0: what the samples cover
    int64_t now_ns = 0;              // a rule at "now"; 0: none
    std::string unit = {};
    int decimals = 2;
    double minimum = std::numeric_limits<double>::quiet_NaN();  // NaN: from the samples
    double maximum = std::numeric_limits<double>::quiet_NaN();
    bool axes = true;  // false: a sparkline
    std::string empty = {};
};

}  // namespace bw::sdk
