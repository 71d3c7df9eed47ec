// SPDX-License-Identifier: Apache-2.0
#include "core/hub/transitions.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace bw::hub {

using config::Transition;
using nlohmann::json;

namespace {

constexpr std::array<const char*, 3> kKinds = {"cut", "fade", "push"};
using Asked = base::Result<std::optional<Transition>>;

base::Error invalid(const char* text) {
    return {"invalid", text};
}

bool is_length(const json& value) {
    return value.is_number_integer() && value >= 0 && value <= kMaxTransitionMs;
}

/// A change that takes no time is a cut.
Transition made(Transition::Kind kind, uint32_t ms) {
    if (kind == Transition::Kind::cut || ms == 0) return {};
    return {kind, ms};
}

Asked read_transition(const json& value) {
    const char* allowed =
        "transition is {\"kind\": \"cut\", \"fade\" or \"push\", \"ms\": 0 to 10000}";
    if (!value.is_object() || !value.contains("kind")) return invalid(allowed);
    const auto* kind = std::find(kKinds.begin(), kKinds.end(), value["kind"]);
    const json ms = value.value("ms", json(0));
    if (kind == kKinds.end() || !is_length(ms)) return invalid(allowed);
    return std::optional(
        made(static_cast<Transition::Kind>(kind - kKinds.begin()), ms.get<uint32_t>()));
}

}  // namespace

Asked asked_transition(const json& data) {
    if (!data.is_object()) return std::optional<Transition>();
    if (data.contains("transition") && !data["transition"].is_null())
        return read_transition(data["transition"]);
    if (!data.contains("fade_ms") || data["fade_ms"].is_null()) return std::optional<Transition>();
    if (!is_length(data["fade_ms"])) return invalid("fade_ms is a whole number from 0 to 10000");
    return std::optional(made(Transition::Kind::fade, data["fade_ms"].get<uint32_t>()));
}

json transition_json(const Transition& transition) {
    const Transition t = made(transition.kind, transition.duration_ms);
    return {{"kind", kKinds[static_cast<size_t>(t.kind)]}, {"ms", t.duration_ms}};
}

}  // namespace bw::hub
