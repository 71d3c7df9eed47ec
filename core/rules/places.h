// SPDX-License-Identifier: Apache-2.0
// Where things are: what an event says itself, what cameras.toml says, and what other events said
// of the same subject. One thread owns it.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>

#include "core/config/site.h"
#include "core/rules/fact.h"

namespace bw::rules {

struct Position {
    double longitude = 0, latitude = 0;  // WGS84 degrees
};

/// True on the edge, too, within rounding; a circle by the great-circle distance (haversine, mean
/// Earth radius 6371.0088 km, IUGG).
bool inside(const config::RuleArea& area, const Position& at);

class Places {
  public:
    explicit Places(const config::Site& site);
    /// `data`: of the fact. Remembers where its subject is, if it says so.
    void hear(const Fact& fact, const nlohmann::json& data);
    /// Nothing: nobody said where it is. `from`: the type to believe first; empty: none.
    [[nodiscard]] std::optional<Position> of(const Fact& fact, const nlohmann::json& data,
                                             const std::string& from) const;

  private:
    std::map<std::string, Position> cameras_;
    std::map<std::string, std::map<std::string, Position>> told_;  // by type, then subject
    size_t count_ = 0;
};

}  // namespace bw::rules
