// SPDX-License-Identifier: Apache-2.0
// How values are written, so that all panels write them alike.
#pragma once

#include <beaconwall/sdk/tokens.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace bw::sdk {

enum class Trend { none, rising, steady, falling };

/// "12.30"; "–" for NaN. Negative numbers with a true minus.
std::string number_text(double value, int decimals);
/// "500,000"
std::string count_text(int64_t value);
/// "+0.12": always with its sign.
std::string signed_text(double value, int decimals);
/// "↗", "→", "↘", "" for none.
const char* trend_arrow(Trend trend);
/// Rising above +`steady_band`, falling below −`steady_band`, else steady; none for NaN.
Trend trend_of(double rate, double steady_band);

/// "8 秒", "3 分 12 秒", "2 小时 5 分", "3 天 4 小时"; "8 s", "3 min 12 s", …
std::string age_text(int64_t age_ns, bool chinese);
/// Seconds east of UTC of the clock the hall reads: the host's word; UTC+8 outside a host.
int32_t hall_offset_s();
/// "14:05" in the hall's time.
std::string clock_text(int64_t wall_ns);
/// "07-01 14:05"
std::string date_clock_text(int64_t wall_ns);

/// "红色", "red"; "" for none.
std::string_view level_name(Level level, bool chinese);
/// "red", "orange", "yellow", "blue" (or I…IV, 1…4) as written in settings and events; none
/// otherwise.
Level level_from(std::string_view word);

}  // namespace bw::sdk
