// SPDX-License-Identifier: Apache-2.0
// One track of a grid: "1fr", "300mm" or "minmax(300mm, 1fr)".
#include <charconv>
#include <cmath>

#include "core/config/readers.h"

namespace bw::config {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::optional<Track> parse_simple(std::string_view text) {
    Track track;
    const char* end = text.data() + text.size();
    const auto [after, error] = std::from_chars(text.data(), end, track.value);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view unit(after, static_cast<size_t>(end - after));
    double min = 0.01, max = 1000;
    if (unit == "mm") {
        track.unit = Track::Unit::millimetres;
        min = 1;
        max = 100000;
    } else if (unit != "fr") {
        return std::nullopt;
    }
    if (!std::isfinite(track.value) || track.value < min || track.value > max) return std::nullopt;
    return track;
}

}  // namespace

std::optional<Track> parse_track(std::string_view text) {
    constexpr std::string_view opening = "minmax(";
    if (text.substr(0, opening.size()) != opening) return parse_simple(text);
    text.remove_prefix(opening.size());
    const size_t comma = text.find(',');
    if (comma == std::string_view::npos || text.back() != ')') return std::nullopt;
    const auto least = parse_simple(trimmed(text.substr(0, comma)));
    auto most = parse_simple(trimmed(text.substr(comma + 1, text.size() - comma - 2)));
    if (!least || !most) return std::nullopt;
    if (least->unit != Track::Unit::millimetres || most->unit != Track::Unit::fraction)
        return std::nullopt;
    most->minimum_mm = least->value;
    return most;
}

}  // namespace bw::config
