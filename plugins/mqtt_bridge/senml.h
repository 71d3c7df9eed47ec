// SPDX-License-Identifier: Apache-2.0
// SenML packs in JSON (RFC 8428), resolved: base values applied, times made absolute. Pure.
#pragma once

#include <beaconwall/service/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bw::mqtt_bridge {

struct SenmlRecord {
    struct Bytes {
        std::string base64url;  // as it came
        bool operator==(const Bytes&) const = default;
    };
    using Value = std::variant<std::monostate, double, bool, std::string, Bytes>;
    std::string name, unit;  // unit: as it came; empty: none was named
    int64_t time_ns = 0;     // Unix time
    Value value;             // nothing: there is a sum alone
    std::optional<double> sum;
};

/// RFC 8428, 4.6. `now_ns`: Unix time of the arrival, which relative times count from, and the time
/// of records without one. "invalid", with the record's number from 1: what the RFC forbids, a
/// version above 10, several versions, or a label ending in `_` that we do not know (4.4).
base::Result<std::vector<SenmlRecord>> read_senml(std::string_view json, int64_t now_ns);

}  // namespace bw::mqtt_bridge
