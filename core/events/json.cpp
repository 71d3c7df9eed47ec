// SPDX-License-Identifier: Apache-2.0
#include "core/events/json.h"

#include <nlohmann/json.hpp>

#include "core/events/quick_json.h"

namespace bw::events {

namespace {

// Brackets outside strings, counted without building anything.
bool too_deep(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > kMaxJsonDepth) return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

}  // namespace

bool read_json(std::string_view text, nlohmann::json& out) {
    // Whoever sends a C string may send its end, too.
    text = text.substr(0, text.find_last_not_of('\0') + 1);
    nlohmann::json quick;
    if (read_quickly(text, quick)) {
        out = std::move(quick);
        return true;
    }
    // A 0 byte would be the end of the text for the slow parser: what stands behind it goes unread.
    if (text.find('\0') != std::string_view::npos || too_deep(text)) return false;
    auto parsed = nlohmann::json::parse(text, nullptr, false);
    if (parsed.is_discarded()) return false;
    out = std::move(parsed);
    return true;
}

std::string text_of(const nlohmann::json& object, const char* key, std::string_view fallback) {
    if (object.is_object()) {
        const auto found = object.find(key);
        if (found != object.end() && found->is_string()) return found->get<std::string>();
    }
    return std::string(fallback);
}

int64_t integer_of(const nlohmann::json& object, const char* key, int64_t fallback) {
    if (object.is_object()) {
        const auto found = object.find(key);
        if (found != object.end() && found->is_number_integer()) return found->get<int64_t>();
    }
    return fallback;
}

}  // namespace bw::events
