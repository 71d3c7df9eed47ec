// SPDX-License-Identifier: Apache-2.0
// Holds what is sent against the schema of its type: ours (assets/schemas), or the one in the
// folder of the plugin whose manifest names the type. A check is bounded (core/schema/schema.h). On
// the loop.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/hub/registry.h"

namespace bw::hub {

class Contracts {
  public:
    explicit Contracts(const Registry& registry) : registry_(registry) {}

    /// The refusal of `data` as `type` by `sender`, with `code`, `text` and, where it does not
    /// match, `pointer`: `at` and from there on. Null: it may go on. What is refused is logged,
    /// once in a while for each sender and type.
    nlohmann::json refusal_of(const std::string& type, const std::string& sender,
                              const nlohmann::json& data, const std::string& at);
    /// As above, of a whole event: `data` may be missing, and has to be JSON.
    nlohmann::json refusal_of_event(const nlohmann::json& event, const std::string& sender);
    /// How many were refused.
    [[nodiscard]] uint64_t refused() const { return refused_; }

  private:
    struct Told {
        int64_t next_ns = 0;
        uint64_t since = 0;
    };
    nlohmann::json refuse(const std::string& type, const std::string& sender, const char* code,
                          const std::string& text);

    const Registry& registry_;
    std::map<std::string, Told> told_;  // by sender and type
    uint64_t refused_ = 0;
};

}  // namespace bw::hub
