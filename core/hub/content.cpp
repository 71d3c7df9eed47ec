// SPDX-License-Identifier: Apache-2.0
#include "core/hub/content.h"

#include <functional>
#include <nlohmann/json.hpp>

#include "core/events/json.h"

namespace bw::hub {

using nlohmann::json;

namespace {

constexpr const char* kSaid[] = {"type", "subject", "data", "data_base64"};

}  // namespace

uint64_t content_of(const json& event, std::string_view space) {
    // Mixed as boost::hash_combine does. Every durable event passes here: no text is made of it.
    uint64_t hash = std::hash<std::string_view>{}(space);
    for (const char* name : kSaid) {
        const auto found = event.find(name);
        const uint64_t said = found == event.end() ? 0 : std::hash<json>{}(*found);
        hash ^= said + 0x9e3779b97f4a7c15 + (hash << 6) + (hash >> 2);
    }
    return hash == 0 ? 1 : hash;
}

bool say_the_same(const std::string& one, const std::string& other) {
    json a, b;
    if (!events::read_json(one, a) || !events::read_json(other, b)) return one == other;
    // No data is an empty object.
    for (json* event : {&a, &b})
        if (event->is_object() && event->contains("data") && (*event)["data"] == json::object())
            event->erase("data");
    for (const char* name : {"type", "subject", "space", "data", "data_base64"})
        if (a.value(name, json()) != b.value(name, json())) return false;
    return true;
}

}  // namespace bw::hub
