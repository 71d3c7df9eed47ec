// SPDX-License-Identifier: Apache-2.0
// The log: one line on stderr per message, "TIME level role: text". Thread-safe. spdlog stays
// behind log.cpp.
#pragma once

#include <fmt/core.h>

#include <string_view>

namespace bw::base {

enum class Level { debug, info, warning, error };

/// Names this process in every line ("hub", "panel flood_gauges"). BEACONWALL_LOG=debug shows debug
/// lines, error nothing but errors. Call once.
void log_init(std::string_view role);
void log_write(Level level, std::string_view text);

template <class... A>
void log_debug(fmt::format_string<A...> f, A&&... a) {
    log_write(Level::debug, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void log_info(fmt::format_string<A...> f, A&&... a) {
    log_write(Level::info, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void log_warning(fmt::format_string<A...> f, A&&... a) {
    log_write(Level::warning, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void log_error(fmt::format_string<A...> f, A&&... a) {
    log_write(Level::error, fmt::format(f, std::forward<A>(a)...));
}

}  // namespace bw::base
