// SPDX-License-Identifier: Apache-2.0
// Who may ask what of the console: pure checks on a request's headers, made before its body is
// read. Thread-safe (immutable after construction).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bw::console {

inline constexpr int64_t kMaxBodyBytes = 16 * 1024;

/// The headers that decide; an empty text: absent.
struct RequestFacts {
    std::string method, host, origin, fetch_site, content_type, authorization;
    int64_t content_length = -1;  // bytes; -1: the request does not say
    bool chunked = false;
};

/// What a route does; decides which checks apply.
enum class Route {
    page,    // may be reached by a link from anywhere; shows, changes nothing
    read,    // facts and pictures: only for our own page, or a program
    change,  // presses a button
};

struct Refusal {
    int status = 403;     // HTTP
    std::string code;     // short stable word for programs
    std::string text;     // a sentence for people
    int64_t retry_s = 0;  // not before so many seconds; 0: says nothing
};

class Guard {
  public:
    /// `port`: ours. `token`: what a program shows instead of an origin; never empty.
    Guard(uint16_t port, std::string token);
    /// Nothing: go on.
    [[nodiscard]] std::optional<Refusal> check(Route route, const RequestFacts& request) const;

  private:
    [[nodiscard]] bool is_our_host(std::string_view host) const;
    [[nodiscard]] bool has_token(std::string_view authorization) const;
    [[nodiscard]] std::optional<Refusal> check_change(const RequestFacts& request) const;

    uint16_t port_;
    std::string token_;
};

}  // namespace bw::console
