// SPDX-License-Identifier: Apache-2.0
#include "core/media/demand.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/events/json.h"

namespace bw::media {
namespace {

constexpr uint32_t kMainFrom = 800;  // pixels of width
constexpr uint32_t kSubUpTo = 640;

Shape parse_shape(const nlohmann::json& wish) {
    Shape shape;
    const auto fit = wish.find("fit");
    if (fit != wish.end() && *fit == "cover") shape.fit = surface::Fit::cover;
    if (fit != wish.end() && *fit == "stretch") shape.fit = surface::Fit::stretch;
    const auto focus = wish.find("focus");
    if (focus == wish.end() || !focus->is_array() || focus->size() != 2) return shape;
    const auto &x = (*focus)[0], &y = (*focus)[1];
    if (!x.is_number() || !y.is_number()) return shape;
    shape.focus_x = std::clamp(x.get<double>(), 0.0, 1.0);
    shape.focus_y = std::clamp(y.get<double>(), 0.0, 1.0);
    return shape;
}

}  // namespace

std::optional<Wish> parse_wish(std::string_view json) {
    nlohmann::json parsed;
    if (!events::read_json(json, parsed) || !parsed.is_object()) return std::nullopt;
    const auto source = parsed.find("source");
    if (source == parsed.end() || !source->is_string()) return std::nullopt;
    Wish wish;
    wish.source = source->get<std::string>();
    const auto on_air = parsed.find("on_air");
    wish.on_air = on_air != parsed.end() && on_air->is_boolean() && on_air->get<bool>();
    const auto rate = parsed.find("rate");
    if (rate != parsed.end() && rate->is_number())
        wish.rate = std::clamp(rate->get<double>(), 0.0, 240.0);
    wish.shape = parse_shape(parsed);
    return wish;
}

uint32_t width_needed(Size surface, const Shape& shape) {
    const int width = shape.fit == surface::Fit::cover
                          ? std::max(surface.width, surface.height * 16 / 9)
                          : surface.width;
    return static_cast<uint32_t>(std::max(width, 0));
}

std::optional<std::string> DemandTable::put(uint32_t surface, const Wish& wish, uint32_t width) {
    const auto it = rows_.find(surface);
    std::optional<std::string> before;
    if (it != rows_.end() && it->second.source != wish.source) before = it->second.source;
    rows_.insert_or_assign(surface, Row{wish.source, wish.on_air, width});
    return before;
}

std::optional<std::string> DemandTable::remove(uint32_t surface) {
    const auto it = rows_.find(surface);
    if (it == rows_.end()) return std::nullopt;
    std::string source = std::move(it->second.source);
    rows_.erase(it);
    return source;
}

std::optional<std::string> DemandTable::set_on_air(uint32_t surface, bool on_air) {
    const auto it = rows_.find(surface);
    if (it == rows_.end()) return std::nullopt;
    it->second.on_air = on_air;
    return it->second.source;
}

Demand DemandTable::of(std::string_view source) const {
    Demand demand = Demand::none;
    for (const auto& [surface, row] : rows_)
        if (row.source == source)
            demand = std::max(demand, row.on_air ? Demand::on_air : Demand::prepared);
    return demand;
}

uint32_t DemandTable::widest(std::string_view source) const {
    uint32_t width = 0;
    for (const auto& [surface, row] : rows_)
        if (row.source == source) width = std::max(width, row.width);
    return width;
}

const char* stream_word(Stream stream) {
    return stream == Stream::sub ? "sub" : "main";
}

Stream choose_stream(Stream current, uint32_t widest, bool has_main, bool has_sub) {
    if (!has_main && !has_sub) return Stream::none;
    if (!has_main) return Stream::sub;
    if (!has_sub) return Stream::main;
    if (widest >= kMainFrom) return Stream::main;
    if (widest <= kSubUpTo || current == Stream::none) return Stream::sub;
    return current;
}

}  // namespace bw::media
