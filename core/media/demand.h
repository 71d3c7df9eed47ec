// SPDX-License-Identifier: Apache-2.0
// The demand table: which surfaces want which source, on air or prepared, and how large. Plain
// data; main thread only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/media/scaler.h"
#include "core/media/source.h"

namespace bw::media {

/// What the compositor asks for in the JSON of a `configure`.
struct Wish {
    std::string source;  // "camera/FF-001"
    bool on_air = false;
    double rate = 0;  // pictures a second at most; 0: all
    Shape shape = {};
};
/// Nothing if it is not an object that names a source.
std::optional<Wish> parse_wish(std::string_view json);
/// How wide a whole picture must be to serve a surface of that size; cameras are taken for 16:9.
uint32_t width_needed(Size surface, const Shape& shape);

class DemandTable {
  public:
    /// A new or newly configured surface; gives the source it belonged to before, if another.
    std::optional<std::string> put(uint32_t surface, const Wish& wish, uint32_t width);
    /// Gives the source that it belonged to.
    std::optional<std::string> remove(uint32_t surface);
    std::optional<std::string> set_on_air(uint32_t surface, bool on_air);
    void clear() { rows_.clear(); }

    [[nodiscard]] Demand of(std::string_view source) const;
    /// The widest picture wanted of this source, in pixels.
    [[nodiscard]] uint32_t widest(std::string_view source) const;

  private:
    struct Row {
        std::string source;
        bool on_air = false;
        uint32_t width = 0;
    };
    std::map<uint32_t, Row> rows_;
};

enum class Stream : uint8_t { none = 0, main = 1, sub = 2 };
const char* stream_word(Stream stream);
/// Main for a large picture, sub for a small one, with a gap between the two limits so that a tile
/// that is resized a little does not make a camera reconnect.
Stream choose_stream(Stream current, uint32_t widest, bool has_main, bool has_sub);

}  // namespace bw::media
