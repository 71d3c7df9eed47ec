// SPDX-License-Identifier: Apache-2.0
// What the engine wants done to the wall, and what became of it. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace bw::rules {

struct Order {
    enum class What { take, focus, undo, preview } what = What::take;
    std::string rule;    // whose
    std::string id;      // the same for the same reason: a hub does it once
    std::string target;  // a layout, or a pane
    size_t steps = 1;    // of an undo
    uint64_t if_take = 0;
    std::optional<uint32_t> fade_ms;
    bool back = false;   // a take of what was before, where undo cannot
    bool again = false;  // it was sent before, and nobody knows what became of it
    bool operator==(const Order&) const = default;
};

struct Answer {
    bool ok = false;
    std::string code, text;  // of docs/wire.md, when refused
    uint64_t take = 0;       // the number it got
};

/// What a person wants to read about later: in the log, and in a rehearsal.
struct Note {
    int64_t at_ns = 0;
    std::string rule, text;
    bool operator==(const Note&) const = default;
};

}  // namespace bw::rules
