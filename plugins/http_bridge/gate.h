// SPDX-License-Identifier: Apache-2.0
// Whether a request may come in, by its headers alone, before its body is read. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "web_settings.h"

namespace bw::http_bridge {

struct Asked {
    std::string method, path, authorization, origin, content_encoding;
    int64_t length = -1;  // -1: not said
};

struct Refusal {
    int status = 0;
    std::string text;
};

inline constexpr int64_t kMostBodyBytes = 1024 * 1024;
inline constexpr int kMostAtOnce = 64;

class Gate {
  public:
    explicit Gate(const Listen& listen) : listen_(listen), tokens_(burst()) {}
    /// Nothing: it may. `waiting`: requests that wait for the hub now.
    std::optional<Refusal> check(const Asked& asked, int waiting, int64_t now_ns);

  private:
    [[nodiscard]] double burst() const { return listen_.requests_per_minute / 6.0; }
    [[nodiscard]] bool has_token(const std::string& authorization) const;
    const Listen& listen_;
    double tokens_;
    int64_t tokens_ns_ = 0;
};

/// The headers that answer a webhook's validation request (CloudEvents webhook 1.0.2, 4.1); empty:
/// that origin may not.
std::string allowed_origin(const Listen& listen, const std::string& asked);

}  // namespace bw::http_bridge
