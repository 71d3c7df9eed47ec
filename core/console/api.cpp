// SPDX-License-Identifier: Apache-2.0
#include "core/console/api.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/ids.h"
#include "core/console/api_json.h"

namespace bw::console {
namespace {

using nlohmann::json;

constexpr uint64_t kMaxTransitionMs = 10'000;

bool is_name(const json& value) {
    return value.is_string() && base::is_safe_name(value.get_ref<const std::string&>());
}

/// Absent is fine; else a whole number in [0, max].
bool is_count(const json& object, const char* key, uint64_t max) {
    const auto found = object.find(key);
    return found == object.end() || (found->is_number_unsigned() && found->get<uint64_t>() <= max);
}

/// What is wrong with the `transition` and `fade_ms` of a take; empty: nothing.
std::string transition_fault(const json& object) {
    if (!is_count(object, "fade_ms", kMaxTransitionMs))
        return "\"fade_ms\" must be a whole number from 0 to 10000.";
    const auto found = object.find("transition");
    if (found == object.end()) return {};
    const json kind = found->is_object() ? found->value("kind", json()) : json();
    if ((kind == "cut" || kind == "fade" || kind == "push") &&
        is_count(*found, "ms", kMaxTransitionMs))
        return {};
    return "\"transition\" must be {\"kind\": \"cut\", \"fade\" or \"push\", \"ms\": 0 to 10000}.";
}

}  // namespace

base::Error invalid(std::string text) {
    return {"invalid", std::move(text)};
}

base::Result<json> parse_object(std::string_view body,
                                std::initializer_list<std::string_view> allowed) {
    if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return json::object();
    json object = json::parse(body, nullptr, false);
    if (!object.is_object()) return invalid("The body must be a JSON object.");
    for (const auto& [key, value] : object.items()) {
        if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
            return invalid("Unknown key \"" + key.substr(0, 64) + "\".");
        }
    }
    return object;
}

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

int http_status(const std::string& code) {
    if (code == "invalid") return 400;
    if (code == "unknown" || code == "not_found") return 404;
    if (code == "timeout" || code == "expired") return 504;
    if (code == "closed") return 503;
    return 409;  // refused, conflict, …: the wall is not as the asker thought
}

std::string wall_json(const config::Site& site) {
    const config::Text& title = site.wall.title;
    return dump({{"site", site.name},
                 {"title", {{"zh", title.zh}, {"en", title.en}}},
                 {"language", site.wall.language},
                 {"utc_offset_minutes", site.wall.utc_offset_minutes}});
}

std::string error_json(const Refusal& refusal) {
    json error = {{"code", refusal.code}, {"text", refusal.text}};
    if (refusal.retry_s > 0) error["retry_s"] = refusal.retry_s;
    return dump({{"error", error}});
}

base::Result<std::string> take_data(std::string_view body) {
    auto object = parse_object(body, {"layout", "if_take", "fade_ms", "transition", "space"});
    if (!object) return object.error();
    if (object->contains("space") && !is_name((*object)["space"])) {
        return invalid("\"space\" must be the name of a space, such as \"live\".");
    }
    if (object->contains("layout") && !is_name((*object)["layout"])) {
        return invalid("\"layout\" must be the name of a layout.");
    }
    if (!is_count(*object, "if_take", UINT64_MAX)) {
        return invalid("\"if_take\" must be the number of a take.");
    }
    if (const auto fault = transition_fault(*object); !fault.empty()) return invalid(fault);
    return dump(*object);
}

base::Result<std::string> preview_data(std::string_view body) {
    auto object = parse_object(body, {"layout"});
    if (!object) return object.error();
    if (!object->contains("layout") ||
        !((*object)["layout"].is_null() || is_name((*object)["layout"]))) {
        return invalid("\"layout\" must be the name of a layout, or null for none.");
    }
    return dump(*object);
}

base::Result<std::string> undo_data(std::string_view body) {
    auto object = parse_object(body, {"fade_ms", "transition"});
    if (!object) return object.error();
    if (const auto fault = transition_fault(*object); !fault.empty()) return invalid(fault);
    return dump(*object);
}

Answer to_answer(const events::Reply& reply) {
    if (reply.ok) return {200, reply.body};
    const int status = http_status(reply.code);
    return {status, error_json({status, reply.code, reply.text})};
}

}  // namespace bw::console
