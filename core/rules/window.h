// SPDX-License-Identifier: Apache-2.0
// How many there were in a window of time. One thread owns it; times are the caller's.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace bw::rules {

class Window {
  public:
    /// `subjects`: different subjects are counted, and each once, by its newest event.
    Window(int64_t length_ns, bool subjects) : length_ns_(length_ns), subjects_(subjects) {}

    void add(int64_t at_ns, const std::string& subject);
    void forget_before(int64_t now_ns);
    [[nodiscard]] size_t size() const { return subjects_ ? newest_.size() : events_.size(); }
    /// When the next one leaves it; INT64_MAX: it is empty.
    [[nodiscard]] int64_t next_leaves_ns() const;

    [[nodiscard]] nlohmann::json save() const;
    void restore(const nlohmann::json& saved);

  private:
    // A flood shall not cost memory without end; no rule counts further than this.
    static constexpr size_t kMax = 10'000;
    int64_t length_ns_;
    bool subjects_;
    std::deque<int64_t> events_;             // oldest first
    std::map<std::string, int64_t> newest_;  // by subject
};

}  // namespace bw::rules
