// SPDX-License-Identifier: Apache-2.0
#include "core/base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <string>

namespace bw::base {

void log_init(std::string_view role) {
    auto logger = spdlog::stderr_logger_mt("beaconwall-" + std::string(role));
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %-7l " + std::string(role) + ": %v");
    const char* wanted =
        std::getenv("BEACONWALL_LOG");  // NOLINT(concurrency-mt-unsafe): read once at start
    const std::string_view level = wanted == nullptr ? "" : wanted;
    logger->set_level(level == "debug"   ? spdlog::level::debug
                      : level == "error" ? spdlog::level::err
                                         : spdlog::level::info);
    spdlog::set_default_logger(logger);
}

void log_write(Level level, std::string_view text) {
    switch (level) {
        case Level::debug:
            spdlog::debug("{}", text);
            break;
        case Level::info:
            spdlog::info("{}", text);
            break;
        case Level::warning:
            spdlog::warn("{}", text);
            break;
        case Level::error:
            spdlog::error("{}", text);
            break;
    }
}

}  // namespace bw::base
